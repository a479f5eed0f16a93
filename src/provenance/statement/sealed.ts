import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../../contract/index.ts';
import { writeOnce } from '../../jobs/index.ts';
import { readSignedBy, signed } from '../../trust/index.ts';
import { digestOf, sha256Of } from '../digest.ts';
import {
  type checkStatementInputSchema,
  type checkStatementOutputSchema,
  type Statement,
  statementSchema,
  statementSealSchema,
} from '../statement-schema.ts';

/** A statement is signed beside itself, so that a participant needs no workspace to know whose word it is. */

const sealType = 'application/vnd.backlot.statement+json';
/** Never the name of a statement: ids of parties may hold dots, and statements end in `.json`. */
const sealOf = (file: string): string => `${file}.dsse`;

export const textOf = (statement: Statement): string => `${JSON.stringify(statement, null, 2)}\n`;

/** Signs the statement that lies in a file. @returns where */
export async function sealStatement(file: string, statement: Statement): Promise<string> {
  const { kind, period } = statement;
  const participant = kind === 'participant' ? statement.participant.id : null;
  const facts = { version: 1, kind, participant, period, sha256: sha256Of(textOf(statement)) };
  await writeOnce(sealOf(file), await signed(sealType, statementSealSchema.parse(facts)));
  return sealOf(file);
}

/**
 * Checks with the studio's public key alone that the studio signed a statement and that no byte of it was changed since.
 * @throws BacklotError `statement-unreadable`, `signature-invalid`, `key-unreadable`
 */
export async function checkStatement({
  file,
  key: keyPath,
}: z.output<typeof checkStatementInputSchema>): Promise<z.infer<typeof checkStatementOutputSchema>> {
  const [text, sealText] = [await textAt(file), await textAt(sealOf(file))];
  const { statement, key } = await readSignedBy(keyPath, sealText, sealType, sealOf(file));
  const { participant, period, sha256 } = statementSealSchema.parse(statement);
  const problems = sha256Of(text) === sha256 ? digestProblems(await readStatement(file)) : [otherBytes];
  return { file, genuine: problems.length === 0, key, participant, period, problems };
}

const otherBytes = 'the file is not the one that was signed';

const digestProblems = ({ digest, ...content }: Statement): string[] =>
  digestOf(content) === digest ? [] : ['its digest is not that of its content'];

/** @throws BacklotError `statement-unreadable` */
export async function readStatement(path: string): Promise<Statement> {
  try {
    const statement = statementSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (statement.success) return statement.data;
    throw new Error(wordsOfBadInput(statement.error));
  } catch (error) {
    throw unreadable(path, error);
  }
}

const textAt = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
};

const unreadable = (where: string, error: unknown): BacklotError =>
  new BacklotError(
    'statement-unreadable',
    {
      expected: 'the JSON file of a statement and its .json.dsse, as `provenance statement` wrote them',
      ...{ where, found: messageOf(error) },
      remedy:
        'Name the .json file beside the page; a statement of another rule needs the version that wrote it.',
    },
    error,
  );
