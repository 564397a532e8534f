package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application as it is shipped: java -jar. */
@Timeout(120)
class ApplicationIT {
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  private static Process start(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-jar",
                "target/spring-boot-1.jar",
                "--server.port=0"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String get(int port, String path) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  void answersAtFullSpeedAsSoonAsItIsReady() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      int port = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher started = PORT.matcher(line);
        if (started.find()) {
          port = Integer.parseInt(started.group(1));
        }
        if (line.contains("Started Application")) {
          break;
        }
      }
      // Spring runs the warm-up between "Started" and readiness.
      String path = "/parse?text=" + URLEncoder.encode("来一首周华健的花心", StandardCharsets.UTF_8);
      while (!readiness(port).contains("\"UP\"")) {
        Thread.sleep(50);
      }
      assertThat(get(port, "/actuator/health")).contains("\"ernieSlu\":\"at full speed\"");
      get(port, path); // Spring's own first request
      double[] millis = new double[50];
      for (int i = 0; i < millis.length; i++) {
        long before = System.nanoTime();
        assertThat(get(port, path)).contains("music.play", "周华健");
        millis[i] = (System.nanoTime() - before) / 1e6;
      }
      Arrays.sort(millis);
      assertThat(millis[millis.length / 2]).as("median ms").isLessThan(100);
      assertThat(get(port, "/actuator/metrics/ernie4j.warm.up")).contains("seconds");
    } finally {
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String readiness(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + port + "/actuator/health/readiness"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void saysWhatIsWrongWithAMissingModel() throws Exception {
    Process process = start("--ernie4j.slu.model=missing.ernie");
    String out;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      out = String.join("\n", reader.lines().toList());
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(out)
        .contains("APPLICATION FAILED TO START")
        .contains("ernie4j.slu.model=missing.ernie")
        .doesNotContain("at ernie4j.spring");
  }
}
