import {
  houses,
  listings,
  signatureHouses,
  signatureListings,
  signatureUndated,
  undated,
} from './assumed-sql.ts';
import { people, signatureNobody } from './people-sql.ts';

/**
 * The rules of `decide`, as SQL over the tables of `signature-tables.ts`. They read what is asked from the
 * variables that `signature-store.ts` sets. A shot's reasons are those of its title, of everybody who is seen in
 * it and of everything of others that is in it: each is found once, and shots that share all three share their
 * decision. That is a rights signature.
 */

/** Terms of a permission against what is asked, one name for each dimension. */
export const macros = [
  `CREATE OR REPLACE MACRO permits_use(uses) AS (uses IS NULL OR list_has_any(uses, getvariable('covered_by')))`,
  `CREATE OR REPLACE MACRO permits_territory(territories) AS
    (list_contains(territories, 'world') OR list_contains(territories, getvariable('territory')))`,
  `CREATE OR REPLACE MACRO permits_model(models) AS
    (models IS NULL OR coalesce(list_contains(models, getvariable('model')), false))`,
  `CREATE OR REPLACE MACRO permits_trainer(trainers) AS
    (trainers IS NULL OR list_contains(trainers, getvariable('trainer')))`,
  `CREATE OR REPLACE MACRO permits_output(outputs) AS
    (outputs IS NULL OR list_has_any(outputs, getvariable('output_covered_by')))`,
  `CREATE OR REPLACE MACRO has_begun(starts) AS (starts IS NULL OR starts <= getvariable('at_start'))`,
  `CREATE OR REPLACE MACRO has_not_ended(ends) AS (ends IS NULL OR ends >= getvariable('at_end'))`,
  `CREATE OR REPLACE MACRO covers(r) AS
    (permits_use(r.uses) AND permits_territory(r.territories) AND permits_model(r.models)
     AND permits_trainer(r.trainers) AND permits_output(r.outputs) AND has_begun(r.starts) AND has_not_ended(r.ends))`,
  `CREATE OR REPLACE MACRO reaches(r) AS
    ((r.uses IS NULL OR list_has_any(r.uses, getvariable('includes')))
     AND (getvariable('territory') = 'world' OR permits_territory(r.territories))
     AND (r.models IS NULL OR getvariable('model') IS NULL OR list_contains(r.models, getvariable('model')))
     AND (r.trainers IS NULL OR list_contains(r.trainers, getvariable('trainer')))
     AND (r.outputs IS NULL OR getvariable('output') IS NULL OR list_has_any(r.outputs, getvariable('output_includes')))
     AND (r.starts IS NULL OR r.starts <= getvariable('at_end'))
     AND (r.ends IS NULL OR r.ends >= getvariable('at_start')))`,
  // Who said it could bind the party: the party itself, or who represented it then.
  `CREATE OR REPLACE MACRO is_bound(r) AS (has_begun(r.bound_from) AND has_not_ended(r.bound_until))`,
  `CREATE OR REPLACE MACRO is_given(r) AS has_begun(r.given_from)`,
  `CREATE OR REPLACE MACRO is_withdrawn(moment) AS (moment IS NOT NULL AND moment <= getvariable('at_end'))`,
] as const;

const grants = [
  `CREATE OR REPLACE TEMP TABLE grant_terms AS
    SELECT *, NOT (withdrawn OR use_not_granted OR territory OR model OR trainer OR output OR grantee OR not_begun OR expired) AS covers
    FROM (SELECT g.no, g.key, g.grantor, coalesce(g.elsewhere, false) AS grantee,
      coalesce(g.unstated, false) AS unstated, coalesce(g.undated, false) AS undated,
      is_withdrawn(g.withdrawn) OR is_withdrawn(p.withdrawn) AS withdrawn,
      NOT permits_use(g.uses) AS use_not_granted,
      NOT permits_territory(g.territories) AS territory,
      NOT permits_model(g.models) AS model,
      NOT permits_trainer(g.trainers) AS trainer,
      NOT permits_output(g.outputs) AS output,
      NOT (has_begun(g.starts) AND is_given(g)) AS not_begun,
      NOT has_not_ended(g.ends) AS expired
    FROM grants g LEFT JOIN parties p ON p.no = g.grantor)`,
  // Who held some of a title for as much as an instant of the moment that is asked for.
  `CREATE OR REPLACE TEMP TABLE held AS SELECT DISTINCT title, party FROM owners
    WHERE (starts IS NULL OR starts <= getvariable('at_end')) AND (ends IS NULL OR ends >= getvariable('at_start'))`,
  `CREATE OR REPLACE TEMP TABLE owner_grants AS
    SELECT o.title, o.party, g.*,
      bool_or(coalesce(g.covers, false)) OVER owner AS satisfied,
      bool_or(coalesce(g.covers AND NOT g.unstated, false)) OVER owner AS firm,
      bool_or(coalesce(g.covers AND NOT g.undated, false)) OVER owner AS dated,
      bool_or(coalesce(NOT g.use_not_granted, false)) OVER owner AS has_near
    FROM held o
    LEFT JOIN (grant_titles gt JOIN grant_terms g ON g.no = gt.no) ON gt.title = o.title AND g.grantor = o.party
    WINDOW owner AS (PARTITION BY o.title, o.party)`,
] as const;

const misses = ['withdrawn', 'territory', 'model', 'trainer', 'output', 'grantee', 'not_begun', 'expired'];

const ownerReasons = [
  `SELECT o.title, 'no_grant' AS rule, 'titles/' || t.key AS row FROM owner_grants o JOIN titles t ON t.no = o.title WHERE o.no IS NULL`,
  `SELECT title, 'use_not_granted', 'grants/' || key FROM owner_grants WHERE no IS NOT NULL AND NOT satisfied AND NOT has_near`,
  ...misses.map(
    (rule) =>
      `SELECT title, '${rule}', 'grants/' || key FROM owner_grants
       WHERE NOT satisfied AND has_near AND NOT use_not_granted AND ${rule}`,
  ),
];

/** Restrictions that reach what is asked, for one title (null: for shots of a ledger whose title is unknown). */
const restrictions = [
  `CREATE OR REPLACE TEMP TABLE forbidding AS SELECT * FROM restrictions r WHERE reaches(r)`,
  `CREATE OR REPLACE TEMP TABLE approved AS
    SELECT a.restriction, t.title, a.key, coalesce(a.undated, false) AS undated FROM approvals a JOIN approval_titles t ON t.no = a.no
    WHERE covers(a) AND is_bound(a) AND is_given(a) AND NOT is_withdrawn(a.withdrawn)`,
  `CREATE OR REPLACE TEMP TABLE forbidden AS
    SELECT t.no AS title, r.no, r.key, r.approvable FROM forbidding r JOIN titles t ON t.ledger = r.ledger WHERE r.everywhere
    UNION ALL SELECT t.title, r.no, r.key, r.approvable FROM forbidding r JOIN restriction_titles t ON t.no = r.no`,
  `CREATE OR REPLACE TEMP TABLE duties AS
    WITH reached AS (SELECT * FROM obligations o WHERE reaches(o)), placed AS (
      SELECT t.no AS title, r.* FROM reached r JOIN titles t ON t.ledger = r.ledger WHERE r.everywhere
      UNION ALL SELECT t.title, r.* FROM reached r JOIN obligation_titles t ON t.no = r.no)
    SELECT title, key,
      (kind <> 'pay' OR due IS NOT NULL)
        AND greatest(getvariable('at_start'), CASE WHEN kind = 'pay' THEN due + 1 ELSE getvariable('at_start') END)
          <= least(getvariable('at_end'), coalesce(done - 1, getvariable('at_end'))) AS open
    FROM placed`,
] as const;

const titleReasons = `CREATE OR REPLACE TEMP TABLE title_reasons AS
  SELECT no AS title, 'withdrawn' AS rule, 'titles/' || key AS row FROM titles WHERE is_withdrawn(withdrawn)
  UNION SELECT no, 'unknown', 'titles/' || key FROM titles WHERE NOT whole
  UNION SELECT no, 'chain_of_title', 'titles/' || key FROM titles WHERE broken
  UNION SELECT f.title, CASE WHEN f.approvable THEN 'approval_missing' ELSE 'restriction' END, 'restrictions/' || f.key
    FROM forbidden f ANTI JOIN approved a ON f.approvable AND a.restriction = f.no AND a.title = f.title
  UNION SELECT title, 'obligation_open', 'obligations/' || key FROM duties WHERE open
  UNION SELECT no, 'unknown', 'parties' FROM titles t WHERE getvariable('performer') IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM parties p WHERE p.ledger = t.ledger AND p.key = getvariable('performer'))
  UNION ${ownerReasons.join('\n  UNION ')}`;

const materials = `CREATE OR REPLACE TEMP TABLE material_reasons AS
  SELECT no AS material, 'material_proposed' AS rule, 'materials/' || key AS row FROM materials WHERE NOT confirmed
  UNION SELECT no, 'material_not_cleared', 'materials/' || key FROM materials
    WHERE confirmed AND no NOT IN (SELECT l.material FROM licences l JOIN grant_terms g ON g.no = l.no WHERE g.covers)`;

/** Reasons of titles, appearances and materials, each by itself. */
export const ruleStatements: readonly string[] = [
  ...grants,
  ...restrictions,
  titleReasons,
  ...people,
  ...listings,
  materials,
  ...houses,
  ...undated,
];

/** What the decisions read of the rules. */
const found = [
  'title_reasons',
  'appearance_reasons',
  'material_reasons',
  'forbidding',
  'grant_terms',
  'duties',
  'title_house',
  'material_house',
  'title_undated',
  'material_undated',
  'appearance_undated',
] as const;

/** Sets aside what the rules found for one question, before they are asked the next one. */
export const setAside: readonly string[] = found.map(
  (name) => `CREATE OR REPLACE TEMP TABLE earlier_${name} AS FROM ${name}`,
);

/** Adds what was set aside: all questions must be answered with yes. */
export const addAside: readonly string[] = found.flatMap((name) => [
  `INSERT INTO ${name} FROM earlier_${name}`,
  `DROP TABLE earlier_${name}`,
]);

/**
 * Shots by what decides them: title, everybody seen, everything of others present, copies. Sums of two hashes stand for
 * the sets, 128 bits together: in a million signatures two would meet by chance once in 10^26 catalogues.
 */
export const signatureStatements: readonly string[] = [
  `CREATE OR REPLACE TEMP TABLE shot_hashes AS
    WITH held AS (SELECT shot, sum(h1) AS h1, sum(h2) AS h2 FROM (
      SELECT shot, hash(appearance, 1) AS h1, hash(appearance, 2) AS h2 FROM seen
      UNION ALL SELECT shot, hash(material, 3), hash(material, 4) FROM present
      UNION ALL SELECT shot, hash(other, 5), hash(other, 6) FROM copies
      UNION ALL SELECT shot, hash(listing, 7), hash(listing, 8) FROM stated
      UNION ALL SELECT shot, hash(row, 9), hash(row, 10) FROM unplaced) GROUP BY shot)
    SELECT shot, ledger, title, coalesce(h1, 0) AS h1, coalesce(h2, 0) AS h2 FROM shots LEFT JOIN held USING (shot)`,
  `CREATE OR REPLACE TEMP TABLE signatures AS
    SELECT row_number() OVER ()::INTEGER AS signature, * FROM (
      SELECT ledger, title, h1, h2, min(shot) AS example, count(*) AS shots FROM shot_hashes GROUP BY ALL)`,
  `CREATE OR REPLACE TEMP TABLE decisions AS
    SELECT h.shot, s.signature FROM shot_hashes h
    JOIN signatures s ON s.ledger = h.ledger AND s.title IS NOT DISTINCT FROM h.title AND s.h1 = h.h1 AND s.h2 = h.h2`,
  'DROP TABLE shot_hashes',
  `CREATE OR REPLACE TEMP TABLE signature_cast AS
    SELECT s.signature, seen.appearance FROM seen JOIN signatures s ON s.example = seen.shot`,
  `CREATE OR REPLACE TEMP TABLE signature_materials AS
    SELECT s.signature, present.material FROM present JOIN signatures s ON s.example = present.shot`,
  signatureListings,
  signatureNobody,
  `CREATE OR REPLACE TEMP TABLE signature_copies AS
    SELECT s.signature, copies.other FROM copies JOIN signatures s ON s.example = copies.shot`,
];

const everywhere = `SELECT ledger, CASE WHEN approvable THEN 'approval_missing' ELSE 'restriction' END AS rule,
  'restrictions/' || key AS row FROM forbidding WHERE everywhere`;

/** Reasons as numbers, in the order in which a decision names them: millions of lists of numbers are quick to sort. */
const reasons = `CREATE OR REPLACE TEMP TABLE reasons AS
  SELECT row_number() OVER (ORDER BY rank, row)::INTEGER AS reason, rule, row, outcome_rank FROM (
    SELECT rule, row FROM title_reasons UNION SELECT rule, row FROM appearance_reasons
    UNION SELECT rule, row FROM material_reasons UNION SELECT 'unknown', 'titles' UNION SELECT 'unknown', 'parties'
    UNION SELECT rule, row FROM (${everywhere})
    UNION SELECT name, 'titles/' || key FROM open_listings WHERE asked
    UNION SELECT 'unplaced', row FROM unplaced
    UNION SELECT 'copy_of_refused', 'shots/' || other FROM copies) JOIN rules USING (rule)`;

const numbered = (from: string): string => `(SELECT * FROM ${from} JOIN reasons USING (rule, row))`;

/**
 * The decision on each signature: `reasons` holds numbers of the table of that name, `text` is what the digest is
 * taken of.
 */
export const decisionStatements: readonly string[] = [
  reasons,
  `CREATE OR REPLACE TEMP TABLE own_reasons AS
    SELECT s.signature, r.reason FROM signatures s JOIN ${numbered('title_reasons')} r ON r.title = s.title
    UNION SELECT c.signature, r.reason FROM signature_cast c JOIN ${numbered('appearance_reasons')} r USING (appearance)
    UNION SELECT s.signature, r.reason FROM signatures s JOIN ${numbered('appearance_reasons')} r ON r.appearance = -1 - s.title
    UNION SELECT m.signature, r.reason FROM signature_materials m JOIN ${numbered('material_reasons')} r USING (material)
    UNION SELECT u.signature, r.reason FROM unstated u JOIN reasons r ON r.rule = u.name AND r.row = 'titles/' || u.key WHERE u.asked
    UNION SELECT s.signature, r.reason FROM signatures s JOIN unplaced u ON u.shot = s.example JOIN reasons r ON r.rule = 'unplaced' AND r.row = u.row
    UNION SELECT u.signature, r.reason FROM unnamed u, reasons r WHERE r.rule = 'unknown' AND r.row = 'parties'
    UNION SELECT s.signature, r.reason FROM signatures s, reasons r WHERE s.title IS NULL AND r.row = 'titles'
    UNION SELECT s.signature, r.reason FROM signatures s JOIN ${numbered(`(${everywhere})`)} r ON r.ledger = s.ledger WHERE s.title IS NULL`,
  // Whatever speaks against a shot by itself speaks against its copies; that nobody knows whose it is, or who is seen, does not.
  `CREATE OR REPLACE TEMP TABLE signature_reasons AS
    SELECT * FROM own_reasons
    UNION ALL SELECT DISTINCT c.signature, told.reason FROM signature_copies c JOIN decisions d ON d.shot = c.other
    JOIN own_reasons o ON o.signature = d.signature JOIN reasons why ON why.reason = o.reason AND why.rule NOT IN ('unknown', 'cast_not_stated', 'materials_not_stated')
    JOIN reasons told ON told.row = 'shots/' || c.other`,
  `CREATE OR REPLACE TEMP TABLE title_grants AS
    SELECT gt.title, list_sort(list(DISTINCT g.key)) AS grants
    FROM grant_titles gt JOIN grant_terms g ON g.no = gt.no
    SEMI JOIN held ON held.title = gt.title AND held.party = g.grantor WHERE g.covers GROUP BY gt.title`,
  `CREATE OR REPLACE TEMP TABLE title_duties AS
    SELECT title, list_sort(list(DISTINCT key)) AS obligations FROM duties GROUP BY title`,
  signatureHouses,
  signatureUndated,
  `CREATE OR REPLACE TEMP TABLE reason_lists AS
    SELECT signature, list_sort(list({'reason': reason, 'says': rule || ' ' || row})) AS said, min(outcome_rank) AS outcome_rank
    FROM signature_reasons JOIN reasons USING (reason) GROUP BY signature`,
  `CREATE OR REPLACE TEMP TABLE signature_decisions AS
    SELECT s.signature, s.shots, s.example, coalesce(o.outcome, 'ALLOW') AS outcome,
      coalesce(list_transform(r.said, lambda x: x.reason), []) AS reasons,
      coalesce(g.grants, []) AS grants, coalesce(d.obligations, []) AS obligations,
      concat_ws('|', coalesce(o.outcome, 'ALLOW'),
        coalesce(array_to_string(list_transform(r.said, lambda x: x.says), ';'), ''),
        array_to_string(coalesce(g.grants, []), ','), array_to_string(coalesce(d.obligations, []), ','),
        CASE WHEN NOT u.asked THEN u.name END, CASE WHEN h.rows IS NOT NULL THEN 'house_not_stated' END,
        CASE WHEN NOT m.asked THEN m.name END, CASE WHEN n.rows IS NOT NULL THEN 'signing_not_dated' END) AS text,
      CASE WHEN NOT u.asked THEN [{'assumption': u.name, 'row': 'titles/' || u.key}] ELSE [] END
        || coalesce(list_transform(h.rows, lambda x: {'assumption': 'house_not_stated', 'row': x}), [])
        || CASE WHEN NOT m.asked THEN [{'assumption': m.name, 'row': 'titles/' || m.key}] ELSE [] END
        || coalesce(list_transform(n.rows, lambda x: {'assumption': 'signing_not_dated', 'row': x}), []) AS assumptions
    FROM signatures s
    LEFT JOIN unstated u ON u.signature = s.signature AND u.kind = 'cast'
    LEFT JOIN unstated m ON m.signature = s.signature AND m.kind = 'materials'
    LEFT JOIN signature_houses h ON h.signature = s.signature
    LEFT JOIN signature_undated n ON n.signature = s.signature
    LEFT JOIN reason_lists r ON r.signature = s.signature
    LEFT JOIN outcomes o USING (outcome_rank)
    LEFT JOIN title_grants g ON g.title = s.title
    LEFT JOIN title_duties d ON d.title = s.title`,
  'DROP TABLE reason_lists',
];

/**
 * One hash over every shot with its decision: shots of one decision in order, decisions in order, so that no
 * order of rows changes it. Lists do not spill to disk: they are made for one part of the decisions after the
 * other.
 */
export const digestStatements = (parts: number): string[] => [
  `CREATE OR REPLACE TEMP TABLE verdicts AS
    SELECT row_number() OVER ()::INTEGER AS verdict, text FROM (SELECT DISTINCT text FROM signature_decisions)`,
  `CREATE OR REPLACE TEMP TABLE verdict_of AS
    SELECT signature, verdict FROM signature_decisions JOIN verdicts USING (text)`,
  'CREATE OR REPLACE TEMP TABLE digest_lines (line VARCHAR)',
  ...Array.from(
    { length: parts },
    (_, part) => `INSERT INTO digest_lines
      SELECT sha256(text || chr(10) || array_to_string(list_sort(shots), ',')) FROM verdicts JOIN (
        SELECT verdict, list(shot) AS shots FROM decisions JOIN verdict_of USING (signature)
        WHERE verdict % ${parts} = ${part} GROUP BY verdict) USING (verdict)`,
  ),
];

export const digestQuery = `SELECT sha256(string_agg(line, chr(10) ORDER BY line)) AS digest FROM digest_lines`;
