// A plugin module for the processes that compute points of reproductions, by the name that plugins are exported by.
export { reproductionsPlugin as plugin } from '@ggdln/reproductions';
