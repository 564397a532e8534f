package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.Model;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.TinyModels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page, in a browser. Screenshots are saved in {@code target/screenshots}. */
class PageTest {
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");

  // It warns that it has no special client for this Chromium; these tests do not use one.
  private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

  private static @Nullable ChromeDriver browser;

  @BeforeAll
  static void open() throws IOException {
    Optional<File> chromium = program("chromium");
    Optional<File> driver = program("chromedriver");
    Assumptions.assumeTrue(
        chromium.isPresent() && driver.isPresent(),
        "skipped: the page is tested in Chromium; install it and its driver (Debian: chromium chromium-driver)");
    Files.createDirectories(SCREENSHOTS);
    DEVTOOLS.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--force-device-scale-factor=1");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).build(), options);
  }

  /** A program from Debian's packages, or else from the path. */
  private static Optional<File> program(String name) {
    return Stream.concat(
            Stream.of("/usr/bin"),
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static ChromeDriver browser() {
    ChromeDriver open = browser;
    if (open == null) {
      throw new IllegalStateException("no browser");
    }
    return open;
  }

  /** The page has no errors and sends requests only to the service. */
  @AfterEach
  void hasNoErrorsAndNoOtherRequests() {
    assertThat(errors()).isEmpty();
    List<String> asked = new ArrayList<>();
    for (LogEntry entry : browser().manage().logs().get(LogType.PERFORMANCE)) {
      if (entry.getMessage().contains("Network.requestWillBeSent\"")) {
        URL.matcher(entry.getMessage()).results().forEach(url -> asked.add(url.group(1)));
      }
    }
    assertThat(asked)
        .isNotEmpty()
        .allMatch(url -> url.startsWith("http://127.0.0.1:") || url.startsWith("data:"));
  }

  /** Errors of scripts. Refused requests are logged there, too, but do not count. */
  private static List<String> errors() {
    return browser().manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("Failed to load resource"))
        .toList();
  }

  private static WebElement find(String css) {
    return browser().findElement(By.cssSelector(css));
  }

  private static List<String> texts(String css) {
    return browser().findElements(By.cssSelector(css)).stream().map(WebElement::getText).toList();
  }

  private static void type(String css, String text) {
    WebElement field = find(css);
    field.clear();
    field.sendKeys(text);
  }

  private static void await(String css, String text) {
    await(css, found -> found.contains(text));
  }

  /** Waits until an element has a text. */
  private static void await(String css, Predicate<String> expected) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> found = List.of();
    while (System.nanoTime() < end) {
      found = stableTexts(css);
      if (found.stream().anyMatch(expected)) {
        return;
      }
    }
    assertThat(found).as("%s within %s", css, PATIENCE).anyMatch(expected);
  }

  private static List<String> stableTexts(String css) {
    try {
      return texts(css);
    } catch (org.openqa.selenium.StaleElementReferenceException e) {
      return List.of(); // replaced meanwhile by a newer answer
    }
  }

  private static void screenshot(String name) throws IOException {
    Files.write(SCREENSHOTS.resolve(name + ".png"), browser().getScreenshotAs(OutputType.BYTES));
  }

  private static String percent(double probability) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
  }

  @Test
  void showsIntentAndSlotsOfTypedText() throws IOException {
    try (Running service = Running.start(ErnieServer.Builder::bundledModel)) {
      browser().manage().window().setSize(new Dimension(900, 900));
      browser().get(service.address());
      await(".intent", "music.play"); // the first example
      screenshot("example");
      JointSlu.Result expected = JointSlu.bundled().parse("导航到天安门广场");
      type("#text", "导航到天安门广场");
      await(".intent", expected.intent());
      assertThat(texts(".row .soft")).containsExactly(percent(expected.probability()));
      assertThat(texts("mark")).hasSize(expected.slots().size()).isNotEmpty();
      for (int i = 0; i < expected.slots().size(); i++) {
        assertThat(texts("mark").get(i))
            .contains(expected.slots().get(i).text(), expected.slots().get(i).type());
      }
      assertThat(texts("td.number"))
          .containsExactlyElementsOf(
              expected.slots().stream().map(slot -> percent(slot.probability())).toList());
      assertThat(texts("#result > .soft").get(0)).matches("[0-9.]+ ms .*");
      assertThat(find("#token-row").isDisplayed()).isFalse();
      screenshot("parse-light");

      find("#theme").click();
      assertThat(find("html").getDomAttribute("data-theme")).isEqualTo("dark");
      assertThat(find("body").getCssValue("background-color")).isEqualTo("rgba(18, 22, 29, 1)");
      find("#raw summary").click();
      assertThat(find("#curl").getText()).startsWith("curl " + service.address() + "/v1/parse");
      assertThat(find("#json").getText()).contains("\"intent\": \"" + expected.intent() + "\"");
      screenshot("parse-dark");

      browser().findElements(By.cssSelector("#examples button")).get(2).click();
      await(".text", "打电话给");
      type("#text", " ");
      await("#result", ""::equals); // an empty text is not sent
      browser().manage().window().setSize(new Dimension(400, 800));
      type("#text", "帮我在今天晚上八点钟导航到北京市朝阳区的天安门广场然后再来一首周华健的花心");
      await("#result", "ms");
      screenshot("parse-narrow");
    }
  }

  @Test
  void showsResultsOfEveryTask() throws IOException {
    Map<String, String> shown =
        Map.of(
            "embed · embeddings", "24 values",
            "parse · parse", "%",
            "classify · classify", "%",
            "multi-label · classify", "天",
            "tag · tag", "a-longer-type 日",
            "answer · answer", "%",
            "score · score", "退货流程",
            "extract · extract", "谷爱凌");
    Map<String, Model> models = Running.allTasks();
    models.put("tag", TinyModels.tagger("B-first", "I-first", "B-a-longer-type", "O"));
    try (Running service = Running.start(Servers.options(), models)) {
      browser().manage().window().setSize(new Dimension(900, 1000));
      browser().get(service.address());
      await("#model", "embed");
      assertThat(texts("#model option")).containsExactlyInAnyOrderElementsOf(shown.keySet());
      for (WebElement option : browser().findElements(By.cssSelector("#model option"))) {
        String name = option.getText();
        option.click();
        if (name.startsWith("tag")) {
          await("#text-label", "Text");
          type("#text", "天地玄黄宇宙洪荒日月盈昃");
        }
        await("#result .card", shown.getOrDefault(name, "no such task"));
        assertThat(texts(".error")).as(name).isEmpty();
        screenshot(name.replaceAll(" .*", ""));
      }
    }
  }

  @Test
  void asksForTheToken() throws IOException {
    ServerOptions options = Servers.options().token("opaque-token");
    try (Running service = Running.start(options, ErnieServer.Builder::bundledModel)) {
      browser().get(service.address());
      await(".error", "expected the token of this service");
      assertThat(find("#token-row").isDisplayed()).isTrue();
      assertThat(browser().switchTo().activeElement()).isEqualTo(find("#token"));
      screenshot("token");
      type("#token", "wrong");
      find("#text").click();
      await(".error", "got another one");
      type("#token", "opaque-token");
      find("#text").click();
      await(".intent", "music.play");
    }
  }

  @Test
  void showsErrorMessages() throws IOException {
    try (Running service = Running.start(Servers.options().maxBodyBytes(400), Running.allTasks())) {
      browser().get(service.address());
      await("#model", "embed");
      type("#text", "天地".repeat(200));
      await(".error", "the body has more than the 400 bytes that this service accepts");
      assertThat(find("#raw").isDisplayed()).as("details of an earlier request").isFalse();
      screenshot("error");
      type("#text", "天地");
      await("#result .card", "24 values");
    }
    type("#text", "天");
    await(".error", "The service does not answer");
  }

  /** Nothing is loaded from elsewhere, and the browser is told to enforce this. */
  @Test
  void loadsNoExternalResource() {
    try (Running service = Running.start(ErnieServer.Builder::bundledModel)) {
      Running.Reply page = service.get("/");
      assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none';")
          .contains("connect-src 'self'")
          .doesNotContain("http", "*");
      assertThat(page.text().replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http:", "https:", "src=", "@import", "url(");
      browser().get(service.address());
      await(".intent", "music.play");
    }
  }
}
