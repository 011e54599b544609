import type { GalleryItem } from '../galleryItem.ts';

/** The gallery, in its order; the first opens when the page does. */
export const galleryItems: readonly GalleryItem[] = [];
