/** Everything that draws: a fifth of what a run loads, and wanted at its end only. */
export async function loadPlot(): Promise<typeof import('@ggdln/plot') & typeof import('@ggdln/plot/node')> {
  const [figures, files] = await Promise.all([import('@ggdln/plot'), import('@ggdln/plot/node')]);
  return { ...figures, ...files };
}
