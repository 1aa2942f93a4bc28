#ifndef QDOC_PAGE_TABLES_H
#define QDOC_PAGE_TABLES_H
#include <stdio.h>
#include <jpeglib.h>

/// Huffman tables for pages drawn with smoothed letters, at the quality that pages are encoded with.
extern const JHUFF_TBL qdoc_page_dc_luma, qdoc_page_dc_chroma, qdoc_page_ac_luma, qdoc_page_ac_chroma;
#endif
