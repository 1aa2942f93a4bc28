#ifndef QDOC_PAGE_TEXT_H
#define QDOC_PAGE_TEXT_H
#endif
