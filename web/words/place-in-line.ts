/** The first place in line that is given only as the least it can be (core's Wait.place). */
export const FIRST_ROUGH_PLACE = 10;
