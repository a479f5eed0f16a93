/** What every Backlot error says: what was expected, where, what was found there, what to do next. */
export interface ErrorFacts {
  expected: string;
  where: string;
  found: string;
  remedy: string;
  /** Each thing wrong by itself, where there may be more than a person reads at once: for programs, not in the message. */
  problems?: readonly string[];
}

/** An error a person can act on. `code` is stable (kebab-case) and maps to exit codes and HTTP statuses. */
export class BacklotError extends Error {
  override readonly name = 'BacklotError';
  readonly code: string;
  readonly facts: ErrorFacts;

  constructor(code: string, facts: ErrorFacts, cause?: unknown) {
    super(`${facts.where}: expected ${facts.expected}, found ${facts.found}. ${facts.remedy}`, { cause });
    this.code = code;
    this.facts = facts;
  }

  toJSON(): { code: string; message: string } & ErrorFacts {
    return { code: this.code, message: this.message, ...this.facts };
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
