/** The id of a request: in its answer, in problems and in the log. What is in front may have given it one. */

const TAKEN_OVER = /^[\w.-]{1,64}$/;

export const requestIdOf = (header: string | null, make: () => string): string =>
  header !== null && TAKEN_OVER.test(header) ? header : make();
