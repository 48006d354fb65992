/** Others wrote the same record at the same moment, too often for this try: another one, a while later, finds its turn. */
export class Contended extends Error {
  override readonly name: string = 'Contended';
}
