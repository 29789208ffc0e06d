"""GOST in the library that builds chains: certificates, CRLs, OCSP answers and CMS are then judged with it as with RSA."""

from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.revinfo import validate_ocsp
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from desktop.eds.gost.hashing import streebog
from desktop.eds.gost.signature import ALGORITHMS, DIGESTS, KEYS, bits_of, public_key


class GostSignatureValidator(DefaultSignatureValidator):
    """Verifies GOST 34.10-2015 by ``desktop.eds.gost`` and the rest as before; what neither knows is no signature."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,
        signature_algorithm: Any,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Return for a good signature; raise InvalidSignature for any other."""
        bits = bits_of(signature_algorithm, context.contextual_md_algorithm)
        if bits is not None:
            key = public_key(public_key_info.dump())
            digest = signed_data if context.prehashed else streebog(signed_data, bits)
            if key is None or key.bits != bits or not key.verify_digest(signature, digest):
                raise InvalidSignature
            return
        try:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
        except (UnsupportedAlgorithm, AlgorithmNotSupported, AssertionError, ValueError, TypeError) as error:
            raise InvalidSignature from error


def _context_of_a_responder(*arguments: Any, **named: Any) -> ValidationContext:
    """The library judges an OCSP responder without revocation in a context of its own, and forgets the validator."""
    named.setdefault("signature_validator", GostSignatureValidator())
    return ValidationContext(*arguments, **named)


vars(validate_ocsp)["ValidationContext"] = _context_of_a_responder


class SignaturePolicy(DisallowWeakAlgorithmsPolicy, CMSAlgorithmUsagePolicy):
    """What a signature may be made with: the library's list without the weak, and GOST 2015; no unknown identifier."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def digest_algorithm_allowed(self, algo: Any, moment: datetime | None) -> AlgorithmUsageConstraint:
        name = algo["algorithm"]
        known = name.native != name.dotted or name.dotted in DIGESTS
        return super().digest_algorithm_allowed(algo, moment) if known else AlgorithmUsageConstraint(False)

    def signature_algorithm_allowed(
        self, algo: Any, moment: datetime | None, public_key: Any
    ) -> AlgorithmUsageConstraint:
        name = algo["algorithm"]
        if name.dotted in ALGORITHMS or name.dotted in KEYS:
            return AlgorithmUsageConstraint(True)
        if name.native == name.dotted:
            return AlgorithmUsageConstraint(False)
        return super().signature_algorithm_allowed(algo, moment, public_key)

    def digest_combination_allowed(
        self, signature_algo: Any, message_digest_algo: Any, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        dotted = signature_algo["algorithm"].dotted
        bits = ALGORITHMS.get(dotted) or KEYS.get(dotted)
        if bits is not None:
            return AlgorithmUsageConstraint(DIGESTS.get(message_digest_algo["algorithm"].dotted) == bits)
        return super().digest_combination_allowed(signature_algo, message_digest_algo, moment)
