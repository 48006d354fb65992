/** Too many concurrent writers on one record. Retry later. */
export class Contended extends Error {
  override readonly name: string = 'Contended';
}
