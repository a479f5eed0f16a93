import { boundBy, givenFrom, isUndated, type Said } from './acting.ts';
import { chainOf } from './chain.ts';
import type { Pair } from './copies.ts';
import { isToAnother, isToUnstated } from './house.ts';
import { liftedBy, lifts } from './lifting.ts';
import {
  asksFor,
  isWhole as isOfWholeTitle,
  listed,
  listingSections,
  listingsOf,
  speaksOf,
} from './listings.ts';
import { appearsIn, type NamedFile, type ShotSpan, type TitleMatch } from './match.ts';
import { type Span, spanOf } from './moments.ts';
import type { Consent, Grant, Ledger } from './schema.ts';
import type { Scope } from './scope.ts';
import { isWhole, sumShares } from './shares.ts';
import { type TableName, tableColumns } from './signature-columns.ts';
import { unplacedIn } from './unplaced.ts';
import { unnamedTrainers } from './uses.ts';

export type Tables = Record<TableName, object[]>;

export interface PlacedShot extends ShotSpan {
  id: string;
  file: NamedFile;
  title: TitleMatch;
  /** From the first shot of its film to the last. */
  film?: ShotSpan | undefined;
}

const start = (moment: string | undefined) => (moment === undefined ? null : spanOf(moment).start);
const end = (moment: string | undefined) => (moment === undefined ? null : spanOf(moment).end);

const finite = (ms: number) => (Number.isFinite(ms) ? ms : null);
const windowOf = (span: Span) => ({ starts: finite(span.start), ends: finite(span.end) });

/** No moment lies between one and zero: what never counts. */
const boundIn = (span: Span | null) =>
  span === null
    ? { bound_from: 1, bound_until: 0 }
    : { bound_from: finite(span.start), bound_until: finite(span.end) };

const datedIn = (ledger: Ledger, said: Said) => ({
  given_from: start(givenFrom(ledger, said)),
  undated: isUndated(ledger, said),
});

const scopeOf = (from: Scope, trainers: Scope['trainers']) => ({
  uses: from.uses === 'all' ? null : from.uses,
  territories: from.territories,
  models: from.models ?? null,
  trainers: from.trainers ?? trainers ?? null,
  outputs: from.outputs ?? null,
  starts: start(from.from),
  ends: end(from.until),
});

const permitted = (from: Scope) => scopeOf(from, unnamedTrainers);
const concerned = (from: Scope) => scopeOf(from, undefined);

/** Collects ledgers, each with its shots, into one set of tables. */
export class TableWriter {
  readonly tables = Object.fromEntries(
    Object.keys(tableColumns).map((name) => [name, []]),
  ) as unknown as Tables;
  private ledgers = 0;
  private numbers = 0;
  private readonly unplaced = new WeakMap<ShotSpan, readonly string[]>();

  add(ledger: Ledger, shots: readonly PlacedShot[]): void {
    const number = this.ledgers++;
    const no = this.numbering(ledger);
    this.addOwners(ledger, number, no);
    this.addGrants(ledger, no);
    this.addRules(ledger, number, no);
    this.addPeople(ledger, number, no);
    this.addListings(ledger, number, no);
    for (const shot of shots) this.addShot(ledger, shot, number, no);
  }

  /** Numbers for the ids of a ledger, by section. */
  private numbering(ledger: Ledger) {
    const { version: _, ...parts } = ledger;
    const known = new Map(
      Object.entries(parts).flatMap(([section, rows]) =>
        rows.map(({ id }) => [`${section}/${id}`, this.numbers++] as const),
      ),
    );
    return (section: keyof typeof parts, id: string): number => known.get(`${section}/${id}`) ?? -1;
  }

  /** Shots that show the same; both are told of the other. */
  addCopies(pairs: readonly Pair[]): void {
    for (const [a, b] of pairs) this.tables.copies.push({ shot: a, other: b }, { shot: b, other: a });
  }

  private addOwners({ parties, titles }: Ledger, ledger: number, no: Numbering): void {
    for (const { id, withdrawn } of parties) {
      this.tables.parties.push({ no: no('parties', id), key: id, ledger, withdrawn: start(withdrawn) });
    }
    for (const one of titles) {
      const title = no('titles', one.id);
      const whole = isWhole(sumShares(one.shares.map(({ share }) => share)));
      const { holdings, broken } = chainOf(one);
      const facts = { withdrawn: start(one.withdrawn), whole, broken };
      this.tables.titles.push({ no: title, key: one.id, ledger, ...facts });
      for (const { party, ...span } of holdings)
        this.tables.owners.push({ title, party: no('parties', party), ...windowOf(span) });
    }
  }

  private addGrants(ledger: Ledger, number: Numbering): void {
    const { grants, materials } = ledger;
    for (const grant of grants) {
      const no = number('grants', grant.id);
      const grantor = number('parties', grant.grantor);
      const when = { withdrawn: start(grant.withdrawn), ...datedIn(ledger, grant) };
      const to = { elsewhere: isToAnother(grant, ledger), unstated: isToUnstated(grant, ledger) };
      this.tables.grants.push({ no, key: grant.id, grantor, ...permitted(grant), ...when, ...to });
      if (!grant.materials) this.tables.grant_titles.push(...titlesOf(no, grant, number));
      const licensed = (grant.materials ? materials : []).filter((material) => licenses(grant, material));
      this.tables.licences.push(...licensed.map(({ id }) => ({ no, material: number('materials', id) })));
    }
  }

  private addRules(ledger: Ledger, inLedger: number, number: Numbering): void {
    const { parties, restrictions, obligations, approvals } = ledger;
    for (const rule of restrictions) {
      const facts = { ...wideOf(rule, inLedger), approvable: rule.unless === 'approved' };
      this.addWide('restrictions', 'restriction_titles', rule, number, facts);
    }
    for (const duty of obligations) {
      const times = { due: end(duty.due), done: start(duty.done) };
      const facts = { ...wideOf(duty, inLedger), kind: duty.kind, ...times };
      this.addWide('obligations', 'obligation_titles', duty, number, facts);
    }
    for (const approval of approvals) {
      const by = restrictions.find(({ id }) => id === approval.restriction)?.imposedBy;
      const left = start(parties.find(({ id }) => id === by)?.withdrawn);
      const restriction = number('restrictions', approval.restriction);
      const word = boundIn(by === undefined ? null : boundBy(ledger, by, approval.by, approval));
      const bound = { ...word, ...datedIn(ledger, approval) };
      const gone = [start(approval.withdrawn), left].filter((at) => at !== null);
      const withdrawn = gone.length > 0 ? Math.min(...gone) : null;
      const facts = { restriction, ...permitted(approval), withdrawn, ...bound };
      this.addWide('approvals', 'approval_titles', approval, number, facts);
    }
  }

  private addPeople(ledger: Ledger, inLedger: number, number: Numbering): void {
    const { consents, appearances, materials } = ledger;
    const refusals = new Map(consents.flatMap((row) => (row.answer === 'refused' ? [[row.id, row]] : [])));
    for (const consent of consents) {
      const { party, answer, withdrawn, givenBy } = consent;
      const terms = answer === 'given' ? permitted(consent) : concerned(consent);
      const word = boundIn(boundBy(ledger, party, givenBy ?? party, consent));
      const bound = { ...word, ...datedIn(ledger, consent) };
      const facts = { ...wideOf(consent, inLedger), ...terms, replica: isForReplica(consent), ...bound };
      const said = {
        party: number('parties', party),
        given: answer === 'given',
        withdrawn: start(withdrawn),
      };
      this.addWide('consents', 'consent_titles', consent, number, { ...facts, ...said });
      const no = number('consents', consent.id);
      for (const id of new Set(liftedBy(consent))) {
        const refusal = refusals.get(id);
        if (refusal && lifts(consent, refusal, ledger))
          this.tables.consent_lifts.push({ no, refusal: number('consents', id) });
      }
    }
    for (const { id, party, title, status } of appearances) {
      const who = { party: number('parties', party), title: number('titles', title) };
      const facts = { no: number('appearances', id), key: id, confirmed: status === 'confirmed' };
      this.tables.appearances.push({ ...facts, ...who });
    }
    for (const { id, title, status } of materials) {
      const facts = { no: number('materials', id), key: id, confirmed: status === 'confirmed' };
      this.tables.materials.push({ ...facts, title: number('titles', title) });
    }
  }

  private addListings(ledger: Ledger, inLedger: number, number: Numbering): void {
    for (const kind of listed) {
      for (const row of listingsOf(ledger, kind)) {
        const times = { starts: start(row.on), withdrawn: start(row.withdrawn) };
        const of = { kind, title: number('titles', row.title), whole: isOfWholeTitle(row), ...times };
        this.tables.listings.push({ no: number(listingSections[kind], row.id), key: row.id, ...of });
      }
      if (asksFor(ledger.policies, kind)) this.tables.policies.push({ ledger: inLedger, kind });
    }
  }

  private addWide(
    table: 'restrictions' | 'obligations' | 'approvals' | 'consents',
    links: TableName,
    { id, titles }: { id: string; titles: readonly string[] | 'all' },
    number: Numbering,
    facts: object,
  ): void {
    const no = number(table, id);
    this.tables[table].push({ no, key: id, ...facts });
    if (titles !== 'all') this.tables[links].push(...titlesOf(no, { titles }, number));
  }

  /** Rows that name a place which a film does not have: looked for once a film. */
  private unplacedOf(rows: Ledger, title: string, file: NamedFile, film: ShotSpan): readonly string[] {
    const known = this.unplaced.get(film) ?? unplacedIn(rows, title, file, film).map(({ row }) => row);
    this.unplaced.set(film, known);
    return known;
  }

  private addShot(rows: Ledger, shot: PlacedShot, ledger: number, no: Numbering): void {
    const { appearances, materials } = rows;
    const known = 'title' in shot.title ? shot.title.title : null;
    const title = known === null ? null : no('titles', known);
    this.tables.shots.push({ shot: shot.id, ledger, title: title === -1 ? null : title });
    const isHere = (row: Ledger['appearances'][number] | Ledger['materials'][number]) =>
      row.title === known && appearsIn(row, shot.file, shot);
    const seen = appearances.filter(isHere).map(({ id }) => no('appearances', id));
    const present = materials.filter(isHere).map(({ id }) => no('materials', id));
    for (const kind of listed) {
      const ours = listingsOf(rows, kind).filter(
        (row) => row.title === known && !isOfWholeTitle(row) && speaksOf(row, shot.file, shot),
      );
      this.tables.stated.push(
        ...ours.map(({ id }) => ({ shot: shot.id, listing: no(listingSections[kind], id) })),
      );
    }
    const unplaced = known === null || !shot.film ? [] : this.unplacedOf(rows, known, shot.file, shot.film);
    this.tables.unplaced.push(...unplaced.map((row) => ({ shot: shot.id, row })));
    this.tables.seen.push(...seen.map((appearance) => ({ shot: shot.id, appearance })));
    this.tables.present.push(...present.map((material) => ({ shot: shot.id, material })));
  }
}

type Numbering = (section: Exclude<keyof Ledger, 'version'>, id: string) => number;

const titlesOf = (no: number, { titles }: { titles: readonly string[] }, number: Numbering) =>
  titles.map((title) => ({ no, title: number('titles', title) }));

const wideOf = (from: Scope & { titles: readonly string[] | 'all' }, ledger: number) => ({
  ledger,
  everywhere: from.titles === 'all',
  ...concerned(from),
});

const licenses = (grant: Grant, { id, owner, title }: Ledger['materials'][number]): boolean =>
  grant.materials?.includes(id) === true && grant.grantor === owner && grant.titles.includes(title);

/** Whether a consent has what a replica asks for. */
const isForReplica = ({ described, separatelySigned, advisedBy }: Consent): boolean =>
  described !== undefined && (separatelySigned === true || advisedBy === 'counsel' || advisedBy === 'union');
