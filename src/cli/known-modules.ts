import { registerHooks } from 'node:module';

const DRIZZLE = '/node_modules/drizzle-orm/';

/**
 * Says of drizzle-orm's own files that they are modules. Node 24 would look it up in the library's package.json, and
 * it parses those 180 kB anew for each of a hundred files: most of what opening a database costs.
 */
export function nameKnownModules(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const { parentURL } = context;
      const known = parentURL?.includes(DRIZZLE) && specifier.startsWith('.') && specifier.endsWith('.js');
      if (!known) return next(specifier, context);
      return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
    },
  });
}
