package io.tidegate.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads a private key in PKCS#8, encrypted or not, by what the JDK has. */
final class PemKey {

    private static final String PLAIN = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    /** PBES2 by its number: some versions of Java tell it so, some by name; what is meant stands in its parameters. */
    private static final List<String> PBES2 = List.of("PBES2", "1.2.840.113549.1.5.13");

    private final Path file;
    private final Optional<Path> passwordFile;
    private final FileContents contents;

    PemKey(CertificateFiles.Pem files, FileContents contents) {
        this.file = files.key();
        this.passwordFile = files.password();
        this.contents = contents;
    }

    /**
     * The key.
     *
     * @param algorithm of the certificate that it has to belong to, so that nothing is guessed
     */
    PrivateKey read(String algorithm) throws UnusableCertificateException {
        PemBlock block = block();
        PKCS8EncodedKeySpec spec =
                block.label().equals(ENCRYPTED) ? decrypted(block.der()) : new PKCS8EncodedKeySpec(block.der());
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            throw new UnusableCertificateException(
                    file,
                    "the key is no " + algorithm + " key, as that of the certificate is: it is damaged, or belongs to"
                            + " another certificate",
                    e);
        } catch (GeneralSecurityException e) {
            throw new UnusableCertificateException(
                    file, "keys of the kind " + algorithm + " cannot be used: use EC or RSA", e);
        }
    }

    private PemBlock block() throws UnusableCertificateException {
        List<PemBlock> keys;
        try {
            keys = PemBlock.read(contents.bytes(file)).stream()
                    .filter(block -> block.label().endsWith(PLAIN))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new UnusableCertificateException(file, "it is damaged: what stands in it is no Base64", e);
        }
        if (keys.isEmpty()) {
            throw new UnusableCertificateException(
                    file, "there is no private key in it: it has to have one in PEM, -----BEGIN PRIVATE KEY-----");
        }
        String label = keys.get(0).label();
        if (!label.equals(PLAIN) && !label.equals(ENCRYPTED)) {
            throw new UnusableCertificateException(
                    file,
                    "the key has an older form (" + label + "); convert it: openssl pkcs8 -topk8 -nocrypt -in " + file
                            + " -out " + file + ".pkcs8");
        }
        return keys.get(0);
    }

    private PKCS8EncodedKeySpec decrypted(byte[] der) throws UnusableCertificateException {
        if (passwordFile.isEmpty()) {
            throw new UnusableCertificateException(
                    file, "the key is encrypted: name the file of its password, key-password-file");
        }
        char[] password = contents.password(passwordFile);
        var given = new PBEKeySpec(password);
        try {
            var info = new EncryptedPrivateKeyInfo(der);
            String name =
                    PBES2.contains(info.getAlgName()) ? info.getAlgParameters().toString() : info.getAlgName();
            SecretKey secret = SecretKeyFactory.getInstance(name).generateSecret(given);
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, secret, info.getAlgParameters());
            return keySpec(info, cipher);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // What a class of the JDK makes of bytes that it does not know may be any of these.
            throw new UnusableCertificateException(
                    file,
                    "the key is encrypted in a way that is not known; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in "
                            + file + " -out " + file + ".pkcs8",
                    e);
        } finally {
            given.clearPassword();
            Arrays.fill(password, '\0');
        }
    }

    private PKCS8EncodedKeySpec keySpec(EncryptedPrivateKeyInfo info, Cipher cipher)
            throws UnusableCertificateException {
        try {
            return info.getKeySpec(cipher);
        } catch (InvalidKeySpecException e) {
            throw new UnusableCertificateException(
                    file, "the password in " + passwordFile.map(Path::toString).orElse("") + " does not open it", e);
        }
    }
}
