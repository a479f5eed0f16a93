import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Db } from '../db/index.ts';
import { sidecarOf } from './formats.ts';
import { signingsOf, takesOfVideo } from './store.ts';

/** What the workspace knows of a file by its bytes alone, in sentences: that it is a take's own video, or was signed as made of takes. */
export async function ownWords(db: Db, file: string, sha256: string): Promise<string[]> {
  const signings = (await signingsOf(db, sha256)).map(({ take, at, details }) => ({
    ...{ take, at, ...signingSchema.parse(details) },
  }));
  // Of one take in one form the newest: the same file may be handed over often.
  const newest = new Map(signings.map((signing) => [`${signing.take} ${signing.derivation}`, signing]));
  return [
    ...(await takesOfVideo(db, sha256)).map(videoWords),
    ...[...newest.values()].map((signing) => signedWords(file, signing)),
  ];
}

const videoWords = ({ id, signedPath }: { id: string; signedPath: string | null }): string =>
  `It is byte for byte the unsigned video of take ${id}, as it was made here; ${copyWords(signedPath)}.`;

function copyWords(path: string | null): string {
  if (path === null) return 'there is no signed copy of it';
  return existsSync(path) ? `its signed copy is ${path}` : 'its signed copy is not here any more';
}

const signingSchema = z.looseObject({
  file: z.string(),
  sidecar: z.string().nullable(),
  derivation: z.enum(['converted', 'composite']),
});

type Signing = z.infer<typeof signingSchema> & { take: string; at: string };

function signedWords(name: string, { take, at, file, sidecar, derivation }: Signing): string {
  const as =
    derivation === 'composite'
      ? `a picture that take ${take} is one part of`
      : `take ${take} in another form`;
  const wanted = basename(sidecarOf(name));
  const beside = sidecar
    ? `, its manifest beside it in ${basename(sidecar)}: put that beside this one as ${wanted}`
    : '';
  return `It is byte for byte a file that was signed here on ${at.slice(0, 10)} as ${as}, in ${file}${beside}.`;
}
