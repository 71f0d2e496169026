package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.client.Credentials;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which token a command shows. */
class ServerSecurityTest {

    private final ServerSecurity security = new ServerSecurity();

    private String token(String told) throws CommandEnd {
        return security.token(Map.of("TIDEGATE_TOKEN", told));
    }

    @Test
    void theEndOfItsLineIsNoPartOfATokenInTheEnvironment() throws Exception {
        assertThat(token("tg_secret\n")).isEqualTo("tg_secret");
        assertThat(token(" tg_secret\r\n")).isEqualTo("tg_secret");
        assertThat(token("\n")).isEmpty();
        assertThat(security.token(Map.of())).isEmpty();
        assertThat(new Credentials(null, "tg_secret\n").token()).isEqualTo("tg_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tg_secret\nother", "tg secret", "tg\tsecret"})
    void whatIsNoTokenIsRefusedAndNotShown(String told) {
        assertThatThrownBy(() -> token(told)).isInstanceOfSatisfying(CommandEnd.class, end -> assertThat(end.message())
                .contains("TIDEGATE_TOKEN is no token: it has spaces or line breaks in it"));
        assertThatThrownBy(() -> new Credentials(null, told))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
