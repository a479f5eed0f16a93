import type { Ask } from './ask.ts';
import { chainOf, holdersOf } from './chain.ts';
import { houseAssumptions } from './house.ts';
import type { Span } from './moments.ts';
import { nearestOf } from './nearest.ts';
import type { Assumption, Decision, Grant, Ledger, LedgerTitle, Material, Miss, Reason } from './schema.ts';
import { missesOf } from './scope.ts';
import { undatedAssumptions } from './undated.ts';

/** A grant with what it lacks; nothing: it covers what is asked. */
export interface Tried {
  grant: Grant;
  misses: Miss[];
}

export const tryGrants = (grants: readonly Grant[], ledger: Ledger, ask: Ask): Tried[] =>
  grants.map((grant) => ({ grant, misses: missesOf(grant, ledger, ask) }));

export const covers = ({ misses }: Tried): boolean => misses.length === 0;

export const grantsBy = (owners: readonly string[], { id }: LedgerTitle, { grants }: Ledger): Grant[] =>
  grants.filter(
    ({ materials, titles, grantor }) => !materials && titles.includes(id) && owners.includes(grantor),
  );

/** The owners of a title at a moment of whom no grant speaks of it: each has a reason `no_grant`. */
export function silentOwners(ledger: Ledger, titleId: string | null, at: Span): string[] {
  const title = ledger.titles.find(({ id }) => id === titleId);
  if (!title) return [];
  const owners = holdersOf(chainOf(title), at);
  const granting = new Set(grantsBy(owners, title, ledger).map(({ grantor }) => grantor));
  return owners.filter((owner) => !granting.has(owner));
}

const isForUse = ({ misses }: Tried): boolean => !misses.some(({ dimension }) => dimension === 'use');

/**
 * Every owner must permit. Of several grants, those for the use tell how near they come; others only that
 * they differ.
 */
export function ownerReasons(title: LedgerTitle, owner: string, tried: readonly Tried[]): Reason[] {
  const own = tried.filter(({ grant }) => grant.grantor === owner);
  if (own.some(covers)) return [];
  if (own.length === 0) {
    return [
      { rule: 'no_grant', row: `titles/${title.id}`, message: `${owner} grants nothing for ${title.name}` },
    ];
  }
  const near = own.filter(isForUse);
  return (near.length > 0 ? near : own).flatMap(({ grant, misses }) =>
    misses
      .filter(({ dimension }) => near.length > 0 || dimension === 'use')
      .map(({ rule, message }) => ({ rule, message, row: `grants/${grant.id}` })),
  );
}

/** Of the grants of owners who have none that covers, those for the use first, the one that comes nearest. */
export function nearestMiss(owners: readonly string[], tried: readonly Tried[]): Decision['nearestMiss'] {
  const short = owners.filter((owner) => !tried.some((one) => one.grant.grantor === owner && covers(one)));
  const theirs = tried.filter(({ grant }) => short.includes(grant.grantor));
  const forUse = theirs.filter(isForUse);
  const told = forUse.length > 0 ? forUse : theirs;
  const near = nearestOf(told.map(({ grant, misses }) => ({ id: grant.id, misses })));
  return near ? { grant: near.id, misses: near.misses } : null;
}

/** What is assumed of who was permitted, and since when: of each owner, and of each thing of others in the picture, by whose grants it is cleared. */
export function permissionAssumptions(
  owners: readonly string[],
  tried: readonly Tried[],
  materials: readonly Material[],
  ledger: Ledger,
  ask: Ask,
): Assumption[] {
  const confirmed = materials.filter(({ status }) => status === 'confirmed');
  const enough = [
    ...owners.map((owner) => tried.filter(({ grant }) => grant.grantor === owner)),
    ...confirmed.map((material) => tryLicences(material, ledger, ask)),
  ];
  return enough.flatMap((each) => {
    const covering = each.filter(covers).map(({ grant }) => grant);
    return [...houseAssumptions(covering, ledger), ...undatedAssumptions('grants', covering, ledger)];
  });
}

/** What the owner permitted of it, whenever and for whatever. */
export const licencesOf = ({ id, owner, title }: Material, { grants }: Ledger): Grant[] =>
  grants.filter(
    (grant) => grant.materials?.includes(id) && grant.grantor === owner && grant.titles.includes(title),
  );

const tryLicences = (material: Material, ledger: Ledger, ask: Ask): Tried[] =>
  tryGrants(licencesOf(material, ledger), ledger, ask);

/** Others' music, artwork, brand or stock in the picture needs a licence of its own. */
export function materialReasons(material: Material, ledger: Ledger, ask: Ask): Reason[] {
  const { id, kind, owner } = material;
  const row = `materials/${id}`;
  if (material.status === 'proposed') {
    return [{ rule: 'material_proposed', row, message: `${kind} of others may be in it` }];
  }
  const tried = tryLicences(material, ledger, ask);
  if (tried.some(covers)) return [];
  const why = tried.map(
    ({ grant, misses }) => `grants/${grant.id} ${misses.map((m) => m.message).join(' and ')}`,
  );
  const lack = why.sort().join('; ') || (owner ? `${owner} licenses nothing` : 'its owner is not known');
  return [{ rule: 'material_not_cleared', row, message: `${kind} without a licence: ${lack}` }];
}
