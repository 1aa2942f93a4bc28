#include "CPageText.h"
