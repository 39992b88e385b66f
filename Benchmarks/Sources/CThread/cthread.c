#include "cthread.h"
