package ernie4j.zoo.download;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The proxies that the environment names, as for curl ({@code https_proxy}, {@code http_proxy},
 * {@code all_proxy}, {@code no_proxy}); without these, those of the JVM.
 */
final class EnvironmentProxies extends ProxySelector {
  private final UnaryOperator<String> environment;
  private final ProxySelector otherwise;

  /**
   * Proxies by environment.
   *
   * @param environment the value of a variable, empty if it is not set
   */
  EnvironmentProxies(UnaryOperator<String> environment, ProxySelector otherwise) {
    this.environment = environment;
    this.otherwise = otherwise;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String proxy = either(uri.getScheme() + "_proxy");
    if (proxy.isEmpty()) {
      proxy = either("all_proxy");
    }
    if (proxy.isEmpty()) {
      return otherwise.select(uri);
    }
    if (isExcepted(uri.getHost().toLowerCase(Locale.ROOT))) {
      return List.of(Proxy.NO_PROXY);
    }
    URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    if (address.getHost() == null) {
      throw new IllegalArgumentException(
          "the proxy '%s' of the environment: expected an address such as http://host:3128"
              .formatted(proxy));
    }
    int port = address.getPort() >= 0 ? address.getPort() : 80;
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
  }

  private String either(String lowerCaseName) {
    String value = environment.apply(lowerCaseName);
    return value.isEmpty() ? environment.apply(lowerCaseName.toUpperCase(Locale.ROOT)) : value;
  }

  private boolean isExcepted(String host) {
    for (String part : either("no_proxy").toLowerCase(Locale.ROOT).split(",", -1)) {
      String domain = part.strip();
      if (domain.startsWith(".")) {
        domain = domain.substring(1);
      }
      if (domain.equals("*")
          || (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain)))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    otherwise.connectFailed(uri, address, e);
  }
}
