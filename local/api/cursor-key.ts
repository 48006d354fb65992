import { randomBytes } from 'node:crypto';
import type { State } from '../state.ts';

/** Stored in the state, so that cursors survive a restart. */
export function loadCursorKey(state: State): string {
  state.db.exec('CREATE TABLE IF NOT EXISTS cursor_key (id TEXT PRIMARY KEY, key TEXT NOT NULL)');
  state.db.prepare("INSERT OR IGNORE INTO cursor_key (id, key) VALUES ('local', ?)").run(randomBytes(32).toString('base64url'));
  return String(state.db.prepare("SELECT key FROM cursor_key WHERE id = 'local'").get()?.key);
}
