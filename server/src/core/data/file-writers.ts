// What well-known commands of job scripts write: the ground for saying that a job has not made a file. From their manual
// pages, as far as files of the working directory are concerned; whatever is not listed may write anything.

/** Commands that write no file unless their output is redirected. */
export const WRITES_NOTHING: ReadonlySet<string> = new Set(
  `. : [ [[ alias basename break cat cd chgrp chmod chown cmp command comm continue cut date declare df diff dirname
  du echo egrep envsubst exit expr export false fgrep file free getent grep groups head hostname id jobs kill local ls
  lsb_release md5sum nl nproc paste ping popd printenv printf ps pushd pwd read readlink readonly realpath
  return rev rm rmdir seq set sha1sum sha256sum sha512sum shift shopt sleep sort source stat sync tac tail test time tr
  trap true tty type typeset ulimit umask uname unalias unset uptime uniq wait wc which whoami yes nc
  adduser addgroup useradd groupadd usermod update-ca-certificates
  systemctl service ssh-add ssh-keyscan ssh-agent getopts`.split(/\s+/),
);

/** Package managers of operating systems: they install outside the working directory. */
export const SYSTEM_INSTALLERS: ReadonlySet<string> = new Set(
  "apk apt apt-get aptitude dnf microdnf pacman tdnf yum zypper".split(" "),
);

/** Commands by the verb in front: these verbs write no file of the working directory. */
export const QUIET_VERBS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    aws: "configure ecr ecr-public ecs eks iam lambda logs secretsmanager ssm sts",
    az: "account acr aks login",
    gcloud: "auth config container info",
    git: `branch cat-file config describe diff fetch fsck log ls-files ls-remote ls-tree merge-base name-rev push remote
      rev-list rev-parse shortlog show show-ref status symbolic-ref tag var`,
    helm: "history lint list registry repo status template upgrade version",
    kubectl: "apply auth config delete describe get logs patch rollout set version wait",
    oc: "apply get login project rollout",
    pip: "config install list show uninstall",
    pip3: "config install list show uninstall",
    vault: "kv login read status token",
  }).map(([name, verbs]) => [name, new Set(verbs.split(/\s+/))]),
);

/** Commands whose last operand is what they write, into it where it is a folder. */
export const COPIERS: ReadonlySet<string> = new Set(["cp", "install", "ln", "mv", "rsync", "scp"]);

/** Commands that write each of their operands. */
export const MAKERS: ReadonlySet<string> = new Set(["mkdir", "mkfifo", "tee", "touch", "truncate"]);
