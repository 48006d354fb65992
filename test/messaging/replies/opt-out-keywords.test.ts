import { describe, expect, test } from 'vitest';
import { parseReplyKeyword } from '../../../src/messaging/replies/opt-out-keywords.ts';

describe('a reply', () => {
  test.for([
    // The seven of the United States.
    ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'],
    // What AWS takes beside them.
    ...['arret', 'ARRÊT', 'opt-out', 'optout', 'remove', 'td'],
    ...['STOPALL', 'Stop all'],
    // Spanish.
    ...['alto', 'parar', 'para', 'cancelar', 'baja', 'darme de baja', 'salir', 'fin', 'no más', 'desuscribir', 'revocar', 'terminar'],
    // As people write.
    ...['  Stop. ', 'STOP!!!', '"stop"', 'S T O P', 'Stop\n', 'ｓｔｏｐ', 'please stop', 'Stop, thanks', 'ALTO por favor', '¡Baja!'],
    ...['darse de baja', 'desuscribirse', 'STOP STOP', 'stop now', 'Stop texting me', 'Stop. Cancel.', 'baja ya'],
    // With a signature below.
    ...['STOP\n--\nAda Lovelace', 'Stop please\r\nSent from my phone', '\n STOP\nAda'],
  ])('"%s" stops', (text) => {
    expect(parseReplyKeyword(text)).toBe('stop');
  });

  test.for(['start', 'START', 'Unstop', 'opt in', 'Alta', 'iniciar', 'reanudar'])('"%s" starts', (text) => {
    expect(parseReplyKeyword(text)).toBe('start');
  });

  test.for(['help', 'HELP?', 'info', 'ayuda', 'Información'])('"%s" asks for help', (text) => {
    expect(parseReplyKeyword(text)).toBe('help');
  });

  test.for(['yes', 'YES!', 'Sí', 'si acepto', 'Yes please'])('"%s" accepts', (text) => {
    expect(parseReplyKeyword(text)).toBe('yes');
  });

  test.for([
    ...['', ' ', '?', "please don't stop", 'stopping by later', 'when does my plan end', 'bus stop', 'non-stop', 'the end'],
    ...['cancel my appointment tomorrow', 'para ti', 'nada', '1', '🛑', 'now'],
    ...['stop start', 'yes\nAda', 'Hello,\nstop', 'I will\nstop by', 'stop by\nlater'],
  ])('"%s" is none of them', (text) => {
    expect(parseReplyKeyword(text)).toBeUndefined();
  });
});
