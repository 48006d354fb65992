import { hash } from 'node:crypto';

/** SHA-256. */
export function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
