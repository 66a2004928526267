// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/image/colour.h"

namespace stillpoint {

Image luminance(ConstImageRef picture) {
    assert(picture.channels() == 1 || picture.channels() == 3);
    Image grey(1, picture.height(), picture.width());
    if (picture.channels() == 1)
        copy(picture, grey);
    else
        grey.plane(0) =
            Real(0.299) * picture.plane(0) + Real(0.587) * picture.plane(1) + Real(0.114) * picture.plane(2);
    return grey;
}

}  // namespace stillpoint
