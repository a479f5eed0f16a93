/** The day for which rights are decided where none is named, by universal time. */
export const today = (): string => new Date().toISOString().slice(0, 10);
