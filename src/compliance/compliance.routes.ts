import type { Router } from '../platform/http/router.ts'
import { auditLogRoutes } from './audit-log.routes.ts'
import { bpfRoutes } from './bpf.routes.ts'
import { certificateRegisterRoutes } from './certificate-register.routes.ts'

export function complianceRoutes(router: Router): void {
  bpfRoutes(router)
  certificateRegisterRoutes(router)
  auditLogRoutes(router)
}
