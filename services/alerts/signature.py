"""Signs a CAP message as XML (enveloped; CAP 1.2, 3.3.4.1): the signature is part of the bytes that are frozen."""

from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

from shared.certificate import SigningPair


def signed(document: bytes, pair: SigningPair) -> bytes:
    """The message with its signature as the last child, and the certificate in it."""
    signer = XMLSigner(
        methods.enveloped,
        SignatureMethod.ECDSA_SHA256,
        DigestAlgorithm.SHA256,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    root = signer.sign(etree.fromstring(document), key=pair.key, cert=pair.certificate)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
