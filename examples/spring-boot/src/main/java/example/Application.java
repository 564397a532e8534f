package example;

import ernie4j.pipeline.JointSlu;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {
  private final JointSlu slu;

  Application(JointSlu slu) {
    this.slu = slu;
  }

  @GetMapping("/parse")
  JointSlu.Result parse(String text) {
    return slu.parse(text);
  }

  public static void main(String[] arguments) {
    SpringApplication.run(Application.class, arguments);
  }
}
