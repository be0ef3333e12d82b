/** Drawings like signatures: a different one for each number, within 900 × 340 of the field. */
export function aSignature(seed: number): number[][] {
  let state = (seed * 2_654_435_761) >>> 0
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return [0, 1].map((part) => {
    const from = { x: 60 + part * 380 + random() * 60, y: 120 + random() * 100 }
    const waves = [1 + random() * 4, 1 + random() * 6].map((pace) => ({
      pace,
      size: 25 + random() * 60,
      at: random() * 6,
    }))
    return Array.from({ length: 30 }, (_, index) => {
      const [across, along] = waves
      const step = index / 29
      const x =
        from.x +
        step * 300 +
        (across?.size ?? 0) * Math.sin((across?.pace ?? 0) * step * 6 + (across?.at ?? 0))
      const y = from.y + (along?.size ?? 0) * Math.sin((along?.pace ?? 0) * step * 6 + (along?.at ?? 0))
      return [Math.round(x), Math.round(y)].map((value, axis) =>
        Math.max(0, Math.min(axis ? 340 : 900, value)),
      )
    }).flat()
  })
}
