/** What a learner's result is evidence of. */
export type LearnerRole = 'exact-sampling' | 'langevin' | 'gradient-descent' | 'online';

/** What a theory's result is. */
export type TheoryRole = 'theory' | 'infinite-width';

/**
 * What a result is evidence of. Figures give each role its own colour and mark: theory is a line, exact sampling a
 * filled circle with bars, Langevin sampling a square, gradient descent an open diamond, online learning a star, infinite
 * width a dashed line.
 */
export type SourceRole = LearnerRole | TheoryRole;

/** What a figure calls roles, where not by their own names. */
export type RoleNames = Partial<Readonly<Record<SourceRole, string>>>;
