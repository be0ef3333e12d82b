export const sessionStatuses = ['draft', 'open', 'closed', 'cancelled'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

export const halfDays = ['morning', 'afternoon', 'evening'] as const
export type HalfDay = (typeof halfDays)[number]

export const slotModalities = ['onsite', 'remote'] as const
export type SlotModality = (typeof slotModalities)[number]

export const engagements = ['internal', 'external'] as const
/** How the OF employs a trainer: BPF frame E counts them apart. */
export type Engagement = (typeof engagements)[number]

export const approvals = ['automatic', 'manual'] as const
export type Approval = (typeof approvals)[number]

export const visibilities = ['public', 'private'] as const
export type Visibility = (typeof visibilities)[number]

/** *Sous-traitance*: given out to another OF, or received from one. */
export const subcontractings = ['none', 'givenOut', 'received'] as const
export type Subcontracting = (typeof subcontractings)[number]

export const bpfScopes = ['included', 'excluded'] as const
export type BpfScope = (typeof bpfScopes)[number]
