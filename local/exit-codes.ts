/** The exit code of a program that was told something wrong; it would end again. */
export const EXIT_BAD_SETTINGS = 2;
