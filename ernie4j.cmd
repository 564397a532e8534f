@echo off
rem Runs the ernie4j command on Windows, as the script ernie4j does elsewhere: picks the newest JDK (17 or
rem newer) and adds the module that the fast kernels need. Among the sources it builds first if it was never
rem built or a source has changed since; in an unpacked archive it is bin\ernie4j.cmd and finds the jars in
rem lib\ beside it. After a build, or at the first start of an archive, JDK 25 and newer write a cache that
rem makes later starts faster.
rem
rem   ERNIE4J_JAVA_HOME   the JDK to use
rem   ERNIE4J_JAVA_OPTS   more options for the JVM, for example -Xmx4g
rem   ERNIE4J_KERNELS     what computes: auto, scalar or vector
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
if "%ROOT:~-1%"=="\" set "ROOT=%ROOT:~0,-1%"
set "MODULES=%ROOT%\cli\target\modules"
set "SERVER_MODULES=%ROOT%\server\target\modules"
set "CACHES=%ROOT%\cli\target"
set "UNPACKED="
if not exist "%ROOT%\pom.xml" if exist "%ROOT%\..\lib" call :find_lib
set "STAMP=%ROOT%\cli\target\launcher.stamp"
set "CACHE=%CACHES%\launcher.aot"
set "SHORT_CACHE=%CACHES%\launcher-short.aot"
set "SERVE_CACHE=%CACHES%\launcher-serve.aot"
if defined ERNIE4J_KERNELS set "SERVE_CACHE=%CACHES%\launcher-serve-%ERNIE4J_KERNELS%.aot"
set "CLASS_PATH=%MODULES%\*"
set "JDK="
set "RELEASE=0"

call :find_jdk
if %RELEASE% LSS 17 (
  echo ernie4j: no JDK 17 or newer was found; install one or set ERNIE4J_JAVA_HOME>&2
  exit /b 1
)
set "BUILT="
call :needs_build
if not errorlevel 1 (
  call :build || exit /b 1
  set "BUILT=yes"
)
rem (Not in parentheses: an argument may have one.)
if not defined UNPACKED goto caches_known
if exist "%CACHE%" goto caches_known
call :is_help %*
if errorlevel 1 set "BUILT=yes"
:caches_known
if defined BUILT call :write_caches

if /i "%ERNIE4J_KERNELS%"=="machine-code" (
  echo ernie4j: ERNIE4J_KERNELS=machine-code is for Linux; see docs/machine-code.md>&2
  exit /b 1
)
set "KERNELS="
if defined ERNIE4J_KERNELS set "KERNELS=-Dernie4j.kernels=%ERNIE4J_KERNELS%"
call :is_short %*
if not errorlevel 1 (
  call :use_cache "%SHORT_CACHE%"
  goto short_start
)
if not "%~1"=="serve" goto class_path_known
set "CLASS_PATH=%MODULES%\*;%SERVER_MODULES%\*"
set "CACHE=%SERVE_CACHE%"
call :is_help %*
if errorlevel 1 call :write_serve_cache
:class_path_known
call :use_cache "%CACHE%"
goto start

rem The JVM reads texts from arguments in the code page of the system: where that is not Chinese, give
rem them as a file (--input) or on standard input.
:start
"%JDK%\bin\java.exe" %OPTIONS% %ERNIE4J_JAVA_OPTS% "-Dernie4j.program=%~f0" --add-modules jdk.incubator.vector %KERNELS% -cp "%CLASS_PATH%" ernie4j.cli.Main %*
exit /b %ERRORLEVEL%

:short_start
"%JDK%\bin\java.exe" %OPTIONS% -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dernie4j.kernels=scalar -cp "%MODULES%\*" ernie4j.cli.Main %*
exit /b %ERRORLEVEL%

:find_lib
set "UNPACKED=yes"
for %%d in ("%ROOT%\..\lib") do set "MODULES=%%~fd"
set "SERVER_MODULES=%MODULES%\server"
set "CACHES=%MODULES%"
exit /b 0

:find_jdk
if defined ERNIE4J_JAVA_HOME (
  call :consider "%ERNIE4J_JAVA_HOME%"
  exit /b 0
)
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*") do call :consider "%%~d"
if %RELEASE% GEQ 17 exit /b 0
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :consider "%%~dp$PATH:j.."
exit /b 0

rem Takes a JDK if it is newer than the best so far. Reads its release file and starts no JVM.
:consider
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "usebackq tokens=1* delims==" %%a in ("%~1\release") do if "%%a"=="JAVA_VERSION" call :compare "%~1" %%b
exit /b 0

:compare
set "FOUND=0"
for /f "delims=.-+ " %%v in ("%~2") do set "FOUND=%%v"
if %FOUND% LEQ %RELEASE% exit /b 0
set "JDK=%~1"
set "RELEASE=%FOUND%"
exit /b 0

rem 0 if it was never built or a source is newer than the last build.
:needs_build
if defined UNPACKED exit /b 1
if not exist "%STAMP%" exit /b 0
where powershell >nul 2>&1 || exit /b 1
powershell -NoProfile -Command "$t=(Get-Item -LiteralPath $env:STAMP).LastWriteTimeUtc; $s='tokenizer','engine','quant','training','model-zoo','server','cli' | %% { \"$env:ROOT\$_\pom.xml\"; \"$env:ROOT\$_\src\main\" }; if (Get-ChildItem -LiteralPath (@(\"$env:ROOT\pom.xml\") + $s) -Recurse -File | ? { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1) { exit 0 } else { exit 1 }"
exit /b %ERRORLEVEL%

:build
where mvn >nul 2>&1 || (
  echo ernie4j: building needs Maven ^(mvn^), which was not found>&2
  exit /b 1
)
echo ernie4j: building with Maven, as after every change to the sources: this takes a minute or two, and as long again the first time, to download dependencies ...>&2
if exist "%MODULES%" rmdir /s /q "%MODULES%"
if exist "%CACHE%" del /q "%CACHE%"
if exist "%SHORT_CACHE%" del /q "%SHORT_CACHE%"
if exist "%CACHES%\launcher-serve*.aot" del /q "%CACHES%\launcher-serve*.aot"
if exist "%SERVER_MODULES%" rmdir /s /q "%SERVER_MODULES%"
pushd "%ROOT%"
call mvn -q -B -pl cli -am -DskipTests package 1>&2
if errorlevel 1 (
  popd
  echo ernie4j: the build failed; see above>&2
  exit /b 1
)
popd
type nul > "%STAMP%"
exit /b 0

rem If this fails, only the time is lost that the caches would have saved. It then leaves empty files, so
rem that later starts do not try again.
:write_caches
if %RELEASE% LSS 25 exit /b 0
set "TEXT=x"
"%JDK%\bin\java.exe" "-XX:AOTCacheOutput=%CACHE%.new" %ERNIE4J_JAVA_OPTS% --add-modules jdk.incubator.vector -cp "%MODULES%\*" ernie4j.cli.Main parse %TEXT% >nul 2>&1 && move /y "%CACHE%.new" "%CACHE%" >nul 2>&1
"%JDK%\bin\java.exe" "-XX:AOTCacheOutput=%SHORT_CACHE%.new" -XX:TieredStopAtLevel=1 -Dernie4j.kernels=scalar -cp "%MODULES%\*" ernie4j.cli.Main parse %TEXT% >nul 2>&1 && move /y "%SHORT_CACHE%.new" "%SHORT_CACHE%" >nul 2>&1
del /q "%CACHE%.new" "%CACHE%.new.config" "%SHORT_CACHE%.new" "%SHORT_CACHE%.new.config" >nul 2>&1
if not exist "%CACHE%" type nul > "%CACHE%" 2>nul
if not exist "%SHORT_CACHE%" type nul > "%SHORT_CACHE%" 2>nul
exit /b 0

rem Not with the others: users who never serve should not wait for it.
:write_serve_cache
if %RELEASE% LSS 25 exit /b 0
if exist "%SERVE_CACHE%" exit /b 0
"%JDK%\bin\java.exe" "-XX:AOTCacheOutput=%SERVE_CACHE%.new" %ERNIE4J_JAVA_OPTS% --add-modules jdk.incubator.vector %KERNELS% -cp "%MODULES%\*;%SERVER_MODULES%\*" ernie4j.cli.Main serve --port 0 --check --no-access-log --warm-up 0 >nul 2>&1 && move /y "%SERVE_CACHE%.new" "%SERVE_CACHE%" >nul 2>&1
del /q "%SERVE_CACHE%.new" "%SERVE_CACHE%.new.config" >nul 2>&1
if not exist "%SERVE_CACHE%" type nul > "%SERVE_CACHE%" 2>nul
exit /b 0

rem The JVM ignores a cache that no longer fits, but would say so on standard output.
:use_cache
set "OPTIONS="
if %RELEASE% LSS 25 exit /b 0
if not exist "%~1" exit /b 0
if %~z1 EQU 0 exit /b 0
set OPTIONS="-XX:AOTCache=%~1" -Xlog:disable
exit /b 0

rem 0 if the command only describes the program: users should not wait for a cache before that.
:is_help
if "%~1"=="" exit /b 0
for %%w in (help completion --version -V) do if "%~1"=="%%w" exit /b 0
:next_argument
for %%w in (--help -h) do if "%~1"=="%%w" exit /b 0
shift
if not "%~1"=="" goto next_argument
exit /b 1

rem 0 if the command ends before vector code would be compiled: it has a few texts for the bundled model,
rem or only describes the program.
:is_short
if defined ERNIE4J_JAVA_OPTS exit /b 1
if defined ERNIE4J_KERNELS exit /b 1
if "%~1"=="" exit /b 0
for %%w in (help completion --help -h --version -V) do if "%~1"=="%%w" exit /b 0
if not "%~1"=="parse" exit /b 1
set "TEXT="
set "COUNT=0"
:next_word
shift
if "%~1"=="" goto last_word
set /a COUNT+=1
if %COUNT% GTR 9 exit /b 1
for %%w in (--json --quiet --help -h) do if "%~1"=="%%w" goto next_word
set "WORD=%~1"
if "%WORD:~0,1%"=="-" exit /b 1
if "%WORD:~0,1%"=="@" exit /b 1
set "TEXT=yes"
goto next_word
rem Without a text the command reads standard input, of any length.
:last_word
if defined TEXT exit /b 0
exit /b 1
