/** Per job: what limits it where its bar is missed, for the page. Found by profiling. */
export const limits: Readonly<Record<string, string>> = {
  'ess-rate':
    'a sweep still draws all N·N0 weights and multiplies by all N0 input dimensions, of which P would do; normals take about as long as the products.',
};
