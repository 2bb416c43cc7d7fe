cat > answers.yaml <<END
order: [deployment-stored, replicaset-made, pod-made, node-written, sandbox-made, image-pulled, container-started]
nodeNameWrittenBy: kube-scheduler
schedulerLeaseHolder: $(kubectl get lease kube-scheduler -n kube-system -o jsonpath='{.spec.holderIdentity}')
containerRestartedBy: kubelet
podsReplacedBy: replicaset-controller
END
