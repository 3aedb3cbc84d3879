/** The line above the picture: which picture it is, what is searched, how it is ordered. */
export const Toolbar = () => null;
