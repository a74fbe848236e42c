"""Small images, to be read row by row."""

from __future__ import annotations

import numpy as np

from rnncourse.data._bundled import bundled_file


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Load 1,797 handwritten digits, eight pixels high and eight wide.

    Data card
    ---------
    What: grey-scale images of the digits 0 to 9. A pixel counts how many dots of ink fell into it,
    from 0 to 16; here it is divided by 16.
    How made: 13 people filled in a form of the US institute NIST. The scans, 32 by 32 dots, were
    cut into blocks of 4 by 4, and the dots of each block were counted. Images that are
    alike often stand close together in the file, as if it went from hand to hand.
    Size: 1,797 images, between 174 and 183 of each digit; the test part of the original data set,
    as scikit-learn carries it. Licence: CC BY 4.0, as the UCI repository states.
    Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
    Learning Repository (1998), https://doi.org/10.24432/C50P49.

    Returns
    -------
    images
        Of shape ``(1797, 8, 8)``: samples, rows from top to bottom, pixels from left to right;
        float32 from 0 to 1.
    labels
        Which digit each one shows, whole numbers of shape ``(1797,)``.
    """
    path = bundled_file("sklearn", "datasets/data/digits.csv.gz")
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)  # 64 pixels, then the digit
    return table[:, :-1].reshape(-1, 8, 8) / 16, table[:, -1].astype(int)
