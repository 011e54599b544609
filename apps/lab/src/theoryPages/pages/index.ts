import type { TheoryPage } from '../theoryPage.ts';
import { bpkr } from './bpkr.ts';
import { continual } from './continual.ts';
import { galu } from './galu.ts';
import { gdln } from './gdln.ts';
import { ggdln } from './ggdln.ts';
import { gln } from './gln.ts';
import { ndk } from './ndk.ts';

/** Every system with a page, in the order of the index. */
export const theoryPages: readonly TheoryPage[] = [ggdln, bpkr, gdln, galu, ndk, continual, gln];
