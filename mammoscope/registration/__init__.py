"""Registration: the CC and the MLO view of one breast on each other.

Source: S. Famouri, L. Morra, F. Lamberti, A deep learning approach for efficient registration of dual
view mammography, ANNPR 2020, LNCS 12294:162-172.
"""
