import type { ReplyKeyword } from '../../schemas/message/reply.ts';

/**
 * Words that revoke consent to texts. The first seven must work in the United States (47 CFR 64.1200(a)(10)); the next are those that AWS
 * accepts when it manages opt-outs (https://docs.aws.amazon.com/sms-voice/latest/userguide/opt-out-list-keywords.html) and that carriers
 * know; the rest are their Spanish forms.
 */
const STOP = [
  ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'],
  ...['arret', 'remove', 'td', 'stop all', 'stop it', 'no more', 'stop texting', 'stop texting me', 'stop texts', 'stop messages'],
  ...['alto', 'para', 'pare', 'parar', 'detener', 'deten', 'basta', 'no mas', 'cancela', 'cancelar', 'baja', 'de baja', 'dar de baja'],
  ...['darme de baja', 'salir', 'fin', 'terminar', 'revocar', 'eliminar', 'quitar', 'desuscribir', 'desuscribirme', 'anular'],
  ...['darse de baja', 'darte de baja', 'desuscribirse', 'desuscribete', 'cancelar suscripcion'],
];

/** "Yes" is not among them: it answers an offer. */
const START = ['start', 'unstop', 'opt in', 'iniciar', 'empezar', 'comenzar', 'reanudar', 'alta', 'darme de alta'];

const HELP = ['help', 'info', 'aide', 'ayuda', 'informacion'];

const YES = ['yes', 'yes i accept', 'i accept', 'accept', 'si', 'si acepto', 'acepto', 'lo acepto'];

/** Words that people add to be polite, or to say when it should end. */
const COURTESY = /\b(please|pls|thanks|thank you|por favor|gracias|now|ahora|ya)\b/g;

const KEYWORDS = new Map<string, ReplyKeyword>([
  ...STOP.map((word) => [joined(word), 'stop'] as const),
  ...START.map((word) => [joined(word), 'start'] as const),
  ...HELP.map((word) => [joined(word), 'help'] as const),
  ...YES.map((word) => [joined(word), 'yes'] as const),
]);

/**
 * Ignores letter case, accents, spaces, punctuation and words such as "please". The rest must be the keyword alone, since "please don't
 * stop" is no opt-out.
 */
export function parseReplyKeyword(text: string): ReplyKeyword | undefined {
  const optOutKeywords = plain(text).replaceAll(COURTESY, ' ');
  return KEYWORDS.get(joined(optOutKeywords)) ?? repeated(optOutKeywords) ?? stopAbove(text);
}

function repeated(text: string): ReplyKeyword | undefined {
  const meanings = new Set(text.split(' ').flatMap((word) => (word === '' ? [] : [KEYWORDS.get(word)])));
  const [meaning] = meanings;
  return meanings.size === 1 ? meaning : undefined;
}

/** A phone may add a signature below. For an opt-out the first line is enough: an unclear text counts against sending. */
function stopAbove(text: string): ReplyKeyword | undefined {
  const [first = '', ...below] = text.trim().split(/\r?\n|\r/);
  return below.length > 0 && parseReplyKeyword(first) === 'stop' ? 'stop' : undefined;
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
}

function joined(text: string): string {
  return text.replaceAll(' ', '');
}
