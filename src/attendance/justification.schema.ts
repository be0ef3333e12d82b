const justificationStatuses = ['waiting', 'accepted', 'refused'] as const
export type JustificationStatus = (typeof justificationStatuses)[number]
