import { randomBytes } from 'node:crypto';

/**
 * Where a browser finds the pages of one server: a folder of addresses that no other server knows. Browsers send a cookie to all ports of
 * a name, but only below its path, so that a server of another account is sent none of what belongs in here (ADR 0152).
 */
export const newRoom = (): string => `/${randomBytes(16).toString('base64url')}`;

/** The path that is meant by one that lies in the room, or outside it. */
export function pathIn(room: string, path: string): string {
  return path.startsWith(`${room}/`) ? path.slice(room.length) : path;
}
