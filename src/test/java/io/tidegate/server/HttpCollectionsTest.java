package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.TestIdentities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What there is in the collections, told to those who may read it. */
@Timeout(60)
class HttpCollectionsTest extends IdentityFixture {

    private HttpSocket.Response collections(String name, String... more) throws Exception {
        try (var client = new HttpSocket(server)) {
            String[] headers = new String[more.length + 1];
            headers[0] = "Authorization: Bearer " + TestIdentities.tokenOf(name);
            System.arraycopy(more, 0, headers, 1, more.length);
            return client.send("GET /v1/collections", headers).response();
        }
    }

    @Test
    void whoMayReadAllIsToldOfAll() throws Exception {
        identities.with("all", TestIdentities.rights("*", "", false));
        put("a", "z", "[1, 2]");

        HttpSocket.Response response = collections("all");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("[{\"collection\":\"a\",\"documents\":2,\"bytes\":7},"
                        + "{\"collection\":\"b\",\"documents\":1,\"bytes\":1}]\n");
        assertThat(response.header("Tidegate-Position"))
                .isEqualTo(server.position().toString());
        assertThat(collections("all", "Accept: application/x-ndjson").body())
                .isEqualToNormalizingNewlines(
                        """
                {"collection":"a","documents":2,"bytes":7}
                {"collection":"b","documents":1,"bytes":1}
                """);
    }

    @Test
    void whoMayReadLessIsToldOfThatAlone() throws Exception {
        identities.with("some", TestIdentities.rights("b a/z*", "", false));
        put("a", "z1", "22");

        assertThat(collections("desk").body()).isEqualTo("[{\"collection\":\"a\",\"documents\":2,\"bytes\":3}]\n");
        assertThat(collections("some").body())
                .isEqualTo("[{\"collection\":\"a\",\"documents\":1,\"bytes\":2},"
                        + "{\"collection\":\"b\",\"documents\":1,\"bytes\":1}]\n");
    }

    @Test
    void whoMayReadNothingIsToldNothing() throws Exception {
        identities.with("publisher", TestIdentities.rights("", "a", false));

        assertThat(collections("publisher").status()).isEqualTo(403);
        assertThat(collections("nobody").status()).isEqualTo(401);
    }
}
