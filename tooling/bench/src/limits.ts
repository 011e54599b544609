/** Per job: what limits it where its bar is missed, for the page. Found by profiling. */
export const limits: Readonly<Record<string, string>> = {};
