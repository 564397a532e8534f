package ernie4j.zoo.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
  private static final URI MODEL = URI.create("https://bj.bcebos.com/x");

  private static String select(URI uri, Map<String, String> environment) {
    Proxy proxy =
        new EnvironmentProxies(
                name -> environment.getOrDefault(name, ""),
                ProxySelector.of(InetSocketAddress.createUnresolved("jvm", 1)))
            .select(uri)
            .get(0);
    return proxy.address() instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort()
        : "direct";
  }

  @Test
  void readsTheSameVariablesAsCurl() {
    assertThat(select(MODEL, Map.of())).isEqualTo("jvm:1");
    assertThat(select(MODEL, Map.of("https_proxy", "http://p:3128"))).isEqualTo("p:3128");
    assertThat(select(MODEL, Map.of("HTTPS_PROXY", "p:3128/"))).isEqualTo("p:3128");
    assertThat(select(MODEL, Map.of("all_proxy", "http://p"))).isEqualTo("p:80");
    assertThat(select(MODEL, Map.of("http_proxy", "http://p:3128"))).isEqualTo("jvm:1");
  }

  @Test
  void exceptedHostsAreContactedDirectly() {
    for (String excepted : new String[] {"bcebos.com", "a, .bcebos.com", "BJ.bcebos.com", "*"}) {
      assertThat(select(MODEL, Map.of("https_proxy", "p:3128", "no_proxy", excepted)))
          .as(excepted)
          .isEqualTo("direct");
    }
    assertThat(select(MODEL, Map.of("https_proxy", "p:3128", "no_proxy", "cebos.com,")))
        .isEqualTo("p:3128");
  }

  @Test
  void refusesInvalidAddresses() {
    assertThatThrownBy(() -> select(MODEL, Map.of("https_proxy", "http://:::")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
