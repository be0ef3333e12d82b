/** Draws the API reference; the only script of the pages. */
globalThis.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  // More than a hundred routes: one finds one's way by their headings.
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  // Nothing of ours leaves this installation, not even to be judged.
  validatorUrl: null,
})
