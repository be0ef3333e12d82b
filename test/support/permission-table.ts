/**
 * Who may call what. Columns: anonymous, stranger (a member with no part in it), learner, trainer of the session,
 * ambassador of its chapter, ambassador of another chapter, disability contact (référent handicap), admin.
 * `ok` lets through; 401 nobody is signed in; 403 seen but not allowed; 404 looks as if it did not exist.
 */
export const permissionTable: Record<string, string> = {
  //                                        anon str  lea  tra  amb  oth  dis  adm
  'GET /health': 'ok ok ok ok ok ok ok ok',
}
