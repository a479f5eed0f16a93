import type { Take } from '../generate/index.ts';
import type { Check } from '../review/index.ts';
import type { Model } from '../train/index.ts';

/** Takes that were drawn with the same, as an arm of a report. */
export interface Group {
  name: string;
  /** Null: of one of its models it is not known here, as of one that was trained elsewhere. */
  trainSeconds: number | null;
  takes: Take[];
  checks: Check[];
}

type Models = ReadonlyMap<string, Model>;

/** Takes by what drew them: a model by itself, or adapters at their weights. No two groups are called the same. */
export function groupsOf(takes: readonly Take[], checks: readonly Check[], models: Models): Group[] {
  return [...Map.groupBy(takes, drawnWith).values()].flatMap((own) => {
    const ids = new Set(own.map(({ id }) => id));
    const [first] = own;
    const about = first && { name: nameOf(first, models), trainSeconds: secondsOf(first, models) };
    return about ? [{ ...about, takes: own, checks: checks.filter(({ takeId }) => ids.has(takeId)) }] : [];
  });
}

/** Adapters are added to the base: their order makes no other takes. */
const drawnWith = ({ modelId, brief: { adapters } }: Take): string =>
  [modelId, ...adapters.map(({ id, weight }) => `${id}*${weight}`).sort()].join('+');

function nameOf({ modelId, brief: { adapters } }: Take, models: Models): string {
  if (adapters.length > 0)
    return adapters
      .map(({ id, weight }) => (weight === 1 ? called(id, models) : `${called(id, models)} × ${weight}`))
      .join(' + ');
  return models.get(modelId)?.kind === 'base' ? 'base' : called(modelId, models);
}

/** Models of one dataset have one name where nobody gave them others: then the id tells them apart. */
function called(id: string, models: Models): string {
  const name = models.get(id)?.name ?? id;
  const alike = [...models.values()].filter((model) => model.name === name);
  return alike.length > 1 || name === 'base' ? `${name} (${id})` : name;
}

/** A take with one adapter bears the adapter's id alone: what that was drawn on is its base. */
function secondsOf({ modelId, brief: { adapters } }: Take, models: Models): number | null {
  const added = adapters.map(({ id }) => id);
  const used = [...new Set([modelId, ...added, ...added.flatMap((id) => models.get(id)?.baseId ?? [])])];
  const seconds = used.map((id) => {
    const model = models.get(id);
    return model?.kind === 'base' ? 0 : model?.record.seconds;
  });
  const known = seconds.filter((one) => typeof one === 'number');
  return known.length === used.length ? known.reduce((sum, one) => sum + one, 0) : null;
}
