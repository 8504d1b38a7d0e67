/** What Pub/Sub has and the emulator has not, each asserted in lacks.test.ts so that a newer one is noticed. */
export const lacks = {
  token:
    'identity tokens: a push carries no Authorization header (the relay adds the token that was declared)',
  attempt: 'deliveryAttempt: a push does not say how often it came',
  key: 'orderingKey: a push does not say its key',
  deadLetters:
    'dead letters of an ordered subscription: after the last attempt it pushes nothing more of the subscription',
  rights: 'rights: it takes every request, with and without a token',
} as const;
