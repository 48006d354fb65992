declare module 'dynalite' {
  import type { Server } from 'node:http';

  type DynaliteOptions = {
    /** Without it everything is in memory. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSizeKb?: number;
  };
  const dynalite: (options?: DynaliteOptions) => Server;
  export = dynalite;
}
