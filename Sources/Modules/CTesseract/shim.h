// Tesseract's own pkg-config names libcurl and libarchive too, which nothing here calls: its header and library stand where the compiler
// looks anyway, so Leptonica's is enough.
#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

// Of libgomp, which Tesseract computes with: its header belongs to another compiler.
void omp_set_max_active_levels(int levels);
