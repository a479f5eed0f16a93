// TypeScript 7 has no JavaScript API, which dependency-cruiser needs to see type imports: give it version 6's.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (name, context, next) => next(name.replace(/^typescript(?=$|\/)/, 'typescript6'), context),
});
