package io.tidegate.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Whether clients will take a certificate: what they would only say to themselves is said at once. */
final class CredentialCheck {

    private static final int LEAST_RSA_BITS = 2048;

    /** The kinds of keys, each with what is signed by one for a trial. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Path keyFile;
    private final Instant now;

    /**
     * A check of what was read.
     *
     * @param file of the certificate
     * @param keyFile of its key
     */
    CredentialCheck(Path file, Path keyFile, Instant now) {
        this.file = file;
        this.keyFile = keyFile;
        this.now = now;
    }

    void require(Credential credential) throws UnusableCertificateException {
        requireFit(credential.key(), credential.certificate().getPublicKey());
        for (X509Certificate each : credential.chain()) {
            // A root is trusted for being known, and not for what it says of itself.
            if (each.equals(credential.certificate()) || !Chain.isSelfIssued(each)) {
                requireValid(each);
                requireStrong(each);
            }
        }
    }

    private void requireFit(PrivateKey key, PublicKey certified) throws UnusableCertificateException {
        String signature = SIGNATURES.get(certified.getAlgorithm());
        if (signature == null) {
            throw new UnusableCertificateException(
                    file, "keys of the kind " + certified.getAlgorithm() + " cannot be used: use EC or RSA");
        }
        if (!fits(key, certified, signature)) {
            throw new UnusableCertificateException(
                    keyFile, "the key is not that of the certificate in " + file + ": they have to be a pair");
        }
    }

    private static boolean fits(PrivateKey key, PublicKey certified, String signature) {
        byte[] nonce = new byte[32];
        RANDOM.nextBytes(nonce);
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(key);
            signer.update(nonce);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(signature);
            verifier.initVerify(certified);
            verifier.update(nonce);
            return verifier.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void requireValid(X509Certificate certificate) throws UnusableCertificateException {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            throw new UnusableCertificateException(
                    file, CertificateText.subject(certificate) + " has expired, at " + end + ": it has to be renewed");
        }
        if (now.isBefore(begin)) {
            throw new UnusableCertificateException(
                    file,
                    CertificateText.subject(certificate) + " is not valid before " + begin
                            + ": wait for that, or set the clock of this machine, which says " + now);
        }
    }

    private void requireStrong(X509Certificate certificate) throws UnusableCertificateException {
        if (certificate.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new UnusableCertificateException(
                    file,
                    CertificateText.subject(certificate) + " has an RSA key of "
                            + rsa.getModulus().bitLength() + " bits, which clients refuse: make one of "
                            + LEAST_RSA_BITS + ", or an EC key");
        }
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (signature.startsWith("SHA1") || signature.startsWith("MD")) {
            throw new UnusableCertificateException(
                    file,
                    CertificateText.subject(certificate) + " is signed by " + certificate.getSigAlgName()
                            + ", which clients refuse: have it signed by SHA-256");
        }
    }
}
